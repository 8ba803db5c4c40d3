using System.Text.RegularExpressions;
using Akka.Configuration;
using MlCluster.Node.Domain.Uploads;

namespace MlCluster.Node.Data;

/// <summary>How uploads run (<c>mlcluster.data.uploads</c>).</summary>
internal sealed record UploadOptions
{
    /// <summary>Searched for in the URL.</summary>
    public Regex TrustedUrl { get; init; } = TrustedUrlPattern.Compile(TrustedUrlPattern.Default);

    /// <summary>Loopback and private addresses.</summary>
    public bool AllowPrivateNetworks { get; init; } = true;

    /// <summary>Until a connection stands.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Without a byte.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Downloads of this node at the same time.</summary>
    public int MaxConcurrent { get; init; } = 10;

    /// <summary>Chunk buffers that all uploads share.</summary>
    public int Buffers { get; init; } = 16;

    /// <summary>Buffers kept when nobody uses them.</summary>
    public int RetainedBuffers { get; init; } = 3;

    /// <summary>Chunks of one model on their way at the same time.</summary>
    public int ChunksAtOnce { get; init; } = 4;

    /// <summary>A chunk that stopped half-way is forgotten after so long.</summary>
    public TimeSpan SegmentTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The last chunk's answer waits so long for the check.</summary>
    public TimeSpan CheckWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads the settings; what is absent keeps its default.</summary>
    public static UploadOptions FromConfig(Config data)
    {
        var d = new UploadOptions();
        var config = data.GetConfig("uploads") ?? Config.Empty;
        return new UploadOptions
        {
            TrustedUrl = TrustedUrlPattern.Compile(
                config.GetString("trusted-url-regex", TrustedUrlPattern.Default)),
            AllowPrivateNetworks = config.GetBoolean("allow-private-networks", d.AllowPrivateNetworks),
            ConnectTimeout = config.GetTimeSpan("connect-timeout", d.ConnectTimeout),
            SilenceTimeout = config.GetTimeSpan("silence-timeout", d.SilenceTimeout),
            MaxConcurrent = config.GetInt("max-concurrent", d.MaxConcurrent),
            Buffers = config.GetInt("buffers", d.Buffers),
            RetainedBuffers = config.GetInt("retained-buffers", d.RetainedBuffers),
            ChunksAtOnce = config.GetInt("chunks-at-once", d.ChunksAtOnce),
            SegmentTimeout = config.GetTimeSpan("segment-timeout", d.SegmentTimeout),
            CheckWait = config.GetTimeSpan("check-wait", d.CheckWait),
        };
    }
}
