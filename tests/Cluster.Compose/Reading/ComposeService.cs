namespace MlCluster.Compose.Reading;

/// <summary>One service as the file has it, variables filled in, nothing replaced yet.</summary>
/// <param name="Name">Its key under <c>services</c>.</param>
internal sealed record ComposeService(string Name)
{
    /// <summary>Image to pull, or the name that a built one gets.</summary>
    public string? Image { get; init; }

    /// <summary>Stage of the Dockerfile; null: the image is pulled.</summary>
    public string? BuildTarget { get; init; }

    /// <summary>Fixed name of its one container; null: each replica has its own.</summary>
    public string? Hostname { get; init; }

    /// <summary>In place of the image's; null: the image's.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>What follows the entry point.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Null: whoever runs is healthy.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>Services that have to come first, and how far.</summary>
    public IReadOnlyDictionary<string, DependencyCondition> DependsOn { get; init; } =
        new Dictionary<string, DependencyCondition>();

    public RestartPolicy Restart { get; init; } = RestartPolicy.Never;

    /// <summary>Null: the image's.</summary>
    public string? StopSignal { get; init; }

    /// <summary>From the stop signal to SIGKILL.</summary>
    public TimeSpan StopGracePeriod { get; init; } = TimeSpan.FromSeconds(10);

    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    /// <summary>As written: <c>[address:]host:container</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Started only when one of them is asked for; empty: always.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>Number of replicas.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>True: it reserves devices, such as a GPU.</summary>
    public bool ReservesDevices { get; init; }
}

/// <summary>What a container sees at a path of its own.</summary>
/// <param name="Source">A volume's name, or a folder when it begins with <c>.</c> or <c>/</c>.</param>
/// <param name="Target">Path in the container.</param>
internal sealed record Mount(string Source, string Target)
{
    public bool IsFolder => Source.StartsWith('.') || Source.StartsWith('/');
}

/// <summary>When a dependency is fulfilled.</summary>
internal enum DependencyCondition
{
    /// <summary>Its process runs.</summary>
    Started,

    /// <summary>Its health check passes.</summary>
    Healthy,
}
