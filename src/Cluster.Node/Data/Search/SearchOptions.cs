using Akka.Configuration;

namespace MlCluster.Node.Data.Search;

/// <summary>Tunables of searches (<c>mlcluster.data.search</c>, see <c>hocon/data.hocon</c>).</summary>
internal sealed record SearchOptions
{
    /// <summary>How often the journal is read for changes.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Events a read.</summary>
    public int Batch { get; init; } = 1000;

    /// <summary>Longest time between an event's number and its appearance.</summary>
    public TimeSpan LateWrites { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>A search waits so long for documents that are being made from nothing.</summary>
    public TimeSpan CompleteWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a node takes over changes that nobody asked for.</summary>
    public TimeSpan KeepUp { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Searches that wait on one node.</summary>
    public int MaxWaiting { get; init; } = 1000;

    /// <summary>Bytes of documents in one answer between nodes.</summary>
    public long MaxMessageBytes { get; init; } = 2L << 20;

    /// <summary>Reads the settings; what is absent keeps its default.</summary>
    public static SearchOptions FromConfig(Config data)
    {
        var d = new SearchOptions();
        var config = data.GetConfig("search") ?? Config.Empty;
        return new SearchOptions
        {
            Poll = config.GetTimeSpan("poll", d.Poll),
            Batch = config.GetInt("batch", d.Batch),
            LateWrites = config.GetTimeSpan("late-writes", d.LateWrites),
            CompleteWait = config.GetTimeSpan("complete-wait", d.CompleteWait),
            KeepUp = config.GetTimeSpan("keep-up", d.KeepUp),
            MaxWaiting = config.GetInt("max-waiting", d.MaxWaiting),
            MaxMessageBytes = config.GetByteSize("max-message-size", d.MaxMessageBytes) ?? d.MaxMessageBytes,
        };
    }
}
