namespace MlCluster.Compose.Planning;

/// <summary>What runs in the place of an image; its paths and addresses are still those of a container.</summary>
/// <param name="Description">Shown to the user.</param>
/// <param name="Entrypoint">Program and arguments.</param>
internal sealed record StandIn(string Description, IReadOnlyList<string> Entrypoint)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Paths that are a volume of each container's own unless one is named.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Where the image's program lies on this machine, by path in the container.</summary>
    public IReadOnlyDictionary<string, string> Programs { get; init; } = new Dictionary<string, string>();

    /// <summary>Signal that the image is stopped with.</summary>
    public string StopSignal { get; init; } = "SIGTERM";

    /// <summary>Takes away what the image's own start script would take of a command.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>> Command { get; init; } = command => command;

    /// <summary>What the image does before its program runs; given the environment and the folders by path.</summary>
    public Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>, Task> PrepareAsync
    {
        get;
        init;
    } = (_, _) => Task.CompletedTask;
}
