namespace MlCluster.Compose;

/// <summary>What to run, and how it differs from what the file says.</summary>
public sealed record ComposeOptions
{
    /// <summary>The <c>docker-compose.yml</c>; its Dockerfile lies beside it.</summary>
    public required string File { get; init; }

    /// <summary>Volumes and logs; null: a temporary folder that is gone afterwards.</summary>
    public string? Work { get; init; }

    /// <summary>Replicas in place of the file's number, by service.</summary>
    public IReadOnlyDictionary<string, int> Scale { get; init; } = new Dictionary<string, int>();

    public IReadOnlyCollection<string> Profiles { get; init; } = [];

    /// <summary>Only these and what they depend on; empty: all.</summary>
    public IReadOnlyCollection<string> Services { get; init; } = [];

    /// <summary>First two numbers of the loopback addresses that replicas get: two runs at once need two.</summary>
    public string Network { get; init; } = "127.77";

    /// <summary>Folder with the node's build.</summary>
    public string Program { get; init; } = AppContext.BaseDirectory;

    /// <summary>Variables over the file's, for every service that is built.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where each line goes that a replica prints; called from several threads.</summary>
    public Action<string, string> OnLine { get; init; } = (_, _) => { };

    /// <summary>Longest wait for a service that another one depends on.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromMinutes(3);
}
