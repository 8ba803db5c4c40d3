using Akka.Configuration;

namespace MlCluster.Node.Hosting;

/// <summary>
/// What fits into one message between nodes. Akka drops a larger one and tells the sender nothing, so its size is
/// judged before it is sent.
/// </summary>
internal static class FrameLimit
{
    /// <summary>Where the size is set.</summary>
    public const string Setting = "akka.remote.dot-netty.tcp.maximum-frame-size";

    /// <summary>With the frames of <c>hocon/akka.hocon</c>.</summary>
    public const long DefaultPayloadBytes = DefaultFrameBytes - EnvelopeBytes;

    private const long DefaultFrameBytes = 8L << 20;

    // Addresses, ids, names of outputs, the lengths of what is inside.
    private const long EnvelopeBytes = 64L << 10;

    /// <summary>Bytes of texts, or of tensors, that a message carries.</summary>
    /// <exception cref="ConfigurationException">Nothing fits into the frames that are set.</exception>
    public static long PayloadBytes(Config root) =>
        (root.GetByteSize(Setting, DefaultFrameBytes) ?? DefaultFrameBytes) - EnvelopeBytes is > 0 and var bytes
            ? bytes
            : throw new ConfigurationException($"{Setting}: give more than {EnvelopeBytes} bytes");
}
