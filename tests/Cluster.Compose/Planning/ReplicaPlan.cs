using MlCluster.Compose.Processes;
using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Planning;

/// <summary>One container of a service as a local process.</summary>
/// <param name="Name">The service's name, with a number where the service has no fixed host name.</param>
/// <param name="Service">What the file says.</param>
/// <param name="Address">Loopback address of its own.</param>
/// <param name="Process">How it is started.</param>
internal sealed record ReplicaPlan(string Name, ComposeService Service, string Address, ProcessSpec Process)
{
    /// <summary>How its health is seen; null: whoever runs is healthy.</summary>
    public ProcessSpec? HealthProcess { get; init; }

    public UnixSignal StopSignal { get; init; } = UnixSignal.Terminate;

    /// <summary>Folders that have to be there, by path in the container.</summary>
    public IReadOnlyDictionary<string, string> Folders { get; init; } = new Dictionary<string, string>();

    /// <summary>What the image does before its program runs.</summary>
    public Func<Task> PrepareAsync { get; init; } = () => Task.CompletedTask;

    /// <summary>What was replaced, a line each.</summary>
    public IReadOnlyList<string> Replaced { get; init; } = [];
}
