using System.Text;

namespace MlCluster.Inference.Native;

/// <summary>A method of a module, in the form that native calls take.</summary>
internal sealed class MethodName(string name)
{
    private readonly byte[] _zeroEnded = Encoding.UTF8.GetBytes(name + '\0');

    /// <summary>The entry point of every module.</summary>
    public static MethodName Forward { get; } = new("forward");

    public ReadOnlySpan<byte> ZeroEnded => _zeroEnded;

    public override string ToString() => name;
}
