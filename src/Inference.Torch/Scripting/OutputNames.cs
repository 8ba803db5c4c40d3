using System.Buffers.Binary;
using System.Text;
using TorchSharp;

namespace MlCluster.Inference.Scripting;

/// <summary>Reads the names that <see cref="EntryMethods.Named"/> gives behind the tensors.</summary>
internal static class OutputNames
{
    /// <summary>The names, in the order of the dict.</summary>
    /// <param name="codes">Little-endian int64, one a byte of UTF-8, a zero behind each name.</param>
    public static IReadOnlyList<string> Decode(ReadOnlySpan<byte> codes)
    {
        var text = new byte[codes.Length / sizeof(long)];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (byte)BinaryPrimitives.ReadInt64LittleEndian(codes[(i * sizeof(long))..]);
        }

        return Encoding.UTF8.GetString(text).Split('\0')[..^1];
    }

    /// <summary>Puts names and as many tensors together.</summary>
    public static List<NamedTensor> Join(IEnumerable<string> names, IEnumerable<torch.Tensor> tensors) =>
        [.. names.Zip(tensors, (name, tensor) => new NamedTensor(name, tensor))];
}

/// <summary>An output of a module; null where the graph gives it no name.</summary>
internal sealed record NamedTensor(string? Name, torch.Tensor Tensor);
