namespace MlCluster.Messages.Inference;

/// <summary>One tensor of one document.</summary>
/// <param name="Name">Null for a model that returns a bare tensor.</param>
/// <param name="DataType">Element type, OpenSearch's names.</param>
/// <param name="Shape">Sizes, no batch axis.</param>
/// <param name="Data">Row-major, little-endian; empty when not asked for.</param>
public sealed record TensorPayload(
    string? Name, TensorDataType DataType, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Data);

/// <summary>Element types; names as OpenSearch prints them when upper-cased.</summary>
public enum TensorDataType
{
    Float32 = 0,
    Float64 = 1,
    Float16 = 2,
    UInt8 = 3,
    Int8 = 4,
    Int32 = 5,
    Int64 = 6,
    Boolean = 7,
}
