namespace MlCluster.Compose.Processes;

/// <summary>How to start a process.</summary>
/// <param name="Command">Program and arguments.</param>
/// <param name="Environment">All of its variables.</param>
/// <param name="Folder">Where it starts.</param>
internal sealed record ProcessSpec(
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Environment,
    string Folder);
