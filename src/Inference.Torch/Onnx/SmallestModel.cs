namespace MlCluster.Inference.Onnx;

/// <summary>A graph that gives back its only input: to find out whether a device runs any.</summary>
internal static class SmallestModel
{
    // Fields of onnx.proto; a length stands before each part.
    private static readonly byte[] Node = [0x0A, 1, (byte)'x', 0x12, 1, (byte)'y', 0x22, 8, .. "Identity"u8];
    private static readonly byte[] FloatOfOne = [0x0A, 8, 0x08, 1, 0x12, 4, 0x0A, 2, 0x08, 1];
    private static readonly byte[] Graph =
        [0x0A, (byte)Node.Length, .. Node, 0x12, 1, (byte)'g', .. Value(0x5A, 'x'), .. Value(0x62, 'y')];

    /// <summary>The file: version 8 of the format, version 13 of the operators.</summary>
    public static byte[] Bytes { get; } = [0x08, 8, 0x3A, (byte)Graph.Length, .. Graph, 0x42, 2, 0x10, 13];

    private static byte[] Value(byte field, char name) =>
        [field, (byte)(5 + FloatOfOne.Length), 0x0A, 1, (byte)name, 0x12, (byte)FloatOfOne.Length, .. FloatOfOne];
}
