using Akka.Configuration;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway;

/// <summary>Tunables of the gateway (<c>mlcluster.gateway</c>, see <c>hocon/gateway.hocon</c>).</summary>
internal sealed record GatewayOptions
{
    /// <summary>Name that <c>GET /</c> and <c>_cluster/health</c> tell.</summary>
    public string ClusterName { get; init; } = "mlcluster";

    /// <summary>Largest request body, after decompression.</summary>
    public long MaxBodyBytes { get; init; } = 100L << 20;

    /// <summary>Request bodies that are held at once; at least one of the largest, or one chunk.</summary>
    public long MaxBodiesBytes { get; init; } = BodiesBytes(0, 100L << 20);

    /// <summary>Longest request line.</summary>
    public int MaxRequestLineBytes { get; init; } = 8 * 1024;

    /// <summary>Headers of a request, all together.</summary>
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Models or tasks that one request asks for at the same time.</summary>
    public int FanOut { get; init; } = 32;

    /// <summary>Bytes a second below which a body is too slow.</summary>
    public long MinBodyBytesPerSecond { get; init; } = 240;

    /// <summary>How long a body may be slower than that.</summary>
    public TimeSpan SlowBodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long clients are sent elsewhere before the server stops listening.</summary>
    public TimeSpan CloseConnectionsFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Largest answer of a prediction, as JSON text.</summary>
    public long MaxAnswerBytes { get; init; } = 256L << 20;

    /// <summary>Largest chunk of an upload.</summary>
    public int MaxChunkBytes { get; init; } = 10_000_000;

    /// <summary>Pieces in which a chunk travels to its writer.</summary>
    public int ChunkSegmentBytes { get; init; } = 1 << 20;

    /// <summary>One attempt at sending a piece …</summary>
    public TimeSpan ChunkAttemptTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>… and all of them, as for every control request.</summary>
    public TimeSpan ChunkBudget { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>Most bytes of texts, or of tensors, that one message to another node carries.</summary>
    public long MaxPayloadBytes { get; init; } = FrameLimit.DefaultPayloadBytes;

    /// <summary>Longest wait for one node's part of a profile or of statistics.</summary>
    public TimeSpan ProfileTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Longest wait for the DeploymentSupervisor.</summary>
    public TimeSpan SupervisorTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Longest wait for one data node's answer to a search.</summary>
    public TimeSpan SearchTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often <c>_cluster/health</c> looks while it waits.</summary>
    public TimeSpan HealthPollInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How predictions are split and retried.</summary>
    public PredictOptions Predict { get; init; } = new();

    /// <summary>Reads the settings; what is absent keeps its default.</summary>
    public static GatewayOptions FromConfig(Config root)
    {
        var defaults = new GatewayOptions();
        var config = root.GetConfig("mlcluster.gateway") ?? Config.Empty;
        return new GatewayOptions
        {
            ClusterName = root.GetString("mlcluster.cluster-name", defaults.ClusterName),
            MaxBodyBytes = Bytes(config, "max-body-size", defaults.MaxBodyBytes),
            MaxBodiesBytes = BodiesBytes(
                Bytes(config, "max-bodies-size", 0),
                Math.Max(
                    Bytes(config, "max-body-size", defaults.MaxBodyBytes),
                    2L * SegmentBytes(root, config, defaults.ChunkSegmentBytes))),
            MaxRequestLineBytes = HeadBytes(config, "max-request-line-size", defaults.MaxRequestLineBytes),
            MaxHeaderBytes = HeadBytes(config, "max-header-size", defaults.MaxHeaderBytes),
            FanOut = config.GetInt("fan-out", defaults.FanOut),
            MinBodyBytesPerSecond = Bytes(config, "slow-body.bytes-per-second", defaults.MinBodyBytesPerSecond),
            SlowBodyGrace = Grace(config, defaults.SlowBodyGrace),
            CloseConnectionsFor = config.GetTimeSpan("close-connections-for", defaults.CloseConnectionsFor),
            MaxAnswerBytes = Bytes(config, "max-answer-size", defaults.MaxAnswerBytes),
            MaxChunkBytes = ArrayBytes(
                config, "max-chunk-size", defaults.MaxChunkBytes, defaults.MaxChunkBytes, "what a chunk's row holds"),
            ChunkSegmentBytes = SegmentBytes(root, config, defaults.ChunkSegmentBytes),
            ChunkAttemptTimeout = root.GetTimeSpan(
                "mlcluster.cluster-client.attempt-timeout", defaults.ChunkAttemptTimeout),
            ChunkBudget = root.GetTimeSpan("mlcluster.cluster-client.budget", defaults.ChunkBudget),
            MaxPayloadBytes = FrameLimit.PayloadBytes(root),
            ProfileTimeout = config.GetTimeSpan("profile-timeout", defaults.ProfileTimeout),
            SupervisorTimeout = config.GetTimeSpan("supervisor-timeout", defaults.SupervisorTimeout),
            SearchTimeout = config.GetTimeSpan("search-timeout", defaults.SearchTimeout),
            HealthPollInterval = config.GetTimeSpan("health-poll-interval", defaults.HealthPollInterval),
            Predict = PredictOptions.FromConfig(config, FrameLimit.PayloadBytes(root)),
        };
    }

    internal static long Bytes(Config config, string path, long fallback) =>
        config.GetByteSize(path, fallback) ?? fallback;

    // 0 B: a tenth of what the process may use. Texts in memory take two to three times their body.
    private static long BodiesBytes(long configured, long largest) => Math.Max(
        configured > 0 ? configured : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10, largest);

    private static int HeadBytes(Config config, string path, int fallback) =>
        Bytes(config, path, fallback) is > 0 and <= HeadLimits.MostBytes and var bytes
            ? (int)bytes
            : throw new ConfigurationException(
                $"mlcluster.gateway.{path}: give a size from 1 B to {HeadLimits.MostBytes} B");

    // The server looks once a second and refuses less.
    private static TimeSpan Grace(Config config, TimeSpan fallback) =>
        config.GetTimeSpan("slow-body.grace", fallback) is var grace && grace > TimeSpan.FromSeconds(1)
            ? grace
            : throw new ConfigurationException("mlcluster.gateway.slow-body.grace: give more than 1s");

    // A larger message would be dropped without a word.
    private static int SegmentBytes(Config root, Config config, int fallback)
    {
        var most = (int)Math.Min(FrameLimit.PayloadBytes(root), int.MaxValue);
        return ArrayBytes(
            config,
            "chunk-segment-size",
            Math.Min(fallback, most),
            most,
            $"what {FrameLimit.Setting} leaves for a payload");
    }

    private static int ArrayBytes(Config config, string path, int fallback, int most, string why) =>
        Bytes(config, path, fallback) is > 0 and var bytes && bytes <= most
            ? (int)bytes
            : throw new ConfigurationException(
                $"mlcluster.gateway.{path}: give a size from 1 B to {most} B, {why}");
}

/// <summary>How predictions are split and retried.</summary>
internal sealed record PredictOptions
{
    /// <summary>A prediction of which no group finished for so long is given up.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Estimated tokens of a group.</summary>
    public int MaxGroupTokens { get; init; } = 4096;

    /// <summary>Bytes of text, and of answer, of a group that travels to another node.</summary>
    public long MaxMessageBytes { get; init; } = 2L << 20;

    /// <summary>Groups of one request that are under way at the same time.</summary>
    public int Window { get; init; } = 4;

    /// <summary>First wait before a group that found the queue full is sent again.</summary>
    public TimeSpan MinRetryDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Longest wait before a group is sent again.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often it is checked whether a node with running requests is still there.</summary>
    public TimeSpan NodeCheckInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A message that was sent shortly after its connection broke counts as dropped after so long.</summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Reads <c>mlcluster.gateway.predict</c>; what is absent keeps its default.</summary>
    /// <param name="gateway"><c>mlcluster.gateway</c>.</param>
    /// <param name="maxPayloadBytes">Most that a message carries.</param>
    public static PredictOptions FromConfig(Config gateway, long maxPayloadBytes)
    {
        var defaults = new PredictOptions();
        var config = gateway.GetConfig("predict") ?? Config.Empty;
        return new PredictOptions
        {
            StallTimeout = config.GetTimeSpan("stall-timeout", defaults.StallTimeout),
            MaxGroupTokens = config.GetInt("max-group-tokens", defaults.MaxGroupTokens),
            MaxMessageBytes = MessageBytes(config, defaults.MaxMessageBytes, maxPayloadBytes),
            Window = config.GetInt("window", defaults.Window),
            MinRetryDelay = config.GetTimeSpan("min-retry-delay", defaults.MinRetryDelay),
            MaxRetryDelay = config.GetTimeSpan("max-retry-delay", defaults.MaxRetryDelay),
            NodeCheckInterval = config.GetTimeSpan("node-check-interval", defaults.NodeCheckInterval),
            ResendAfter = config.GetTimeSpan("resend-after", defaults.ResendAfter),
        };
    }

    private static long MessageBytes(Config config, long fallback, long maxPayloadBytes) =>
        GatewayOptions.Bytes(config, "max-message-size", Math.Min(fallback, maxPayloadBytes)) is var bytes
        && bytes > 0 && bytes <= maxPayloadBytes
            ? bytes
            : throw new ConfigurationException(
                $"mlcluster.gateway.predict.max-message-size: give at most {maxPayloadBytes} bytes, what "
                + $"{FrameLimit.Setting} leaves for a payload");
}
