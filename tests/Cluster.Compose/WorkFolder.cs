namespace MlCluster.Compose;

/// <summary>Where volumes and logs are; gone afterwards unless it was given.</summary>
internal sealed class WorkFolder : IDisposable
{
    // The database runs as a user of its own, which has to get through.
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly bool _temporary;

    private WorkFolder(string path, bool temporary)
    {
        (Path, _temporary) = (path, temporary);
        Directory.CreateDirectory(Logs);
        string[] inside = [path, System.IO.Path.Combine(path, "volumes"), System.IO.Path.Combine(path, "replicas")];
        foreach (var folder in inside)
        {
            Directory.CreateDirectory(folder, Passable);
        }

        File.SetUnixFileMode(path, Passable);
    }

    public string Path { get; }

    public string Logs => System.IO.Path.Combine(Path, "logs");

    public static WorkFolder Open(string? given) => given is null
        ? new WorkFolder(Directory.CreateTempSubdirectory("mlcluster-compose-").FullName, temporary: true)
        : new WorkFolder(System.IO.Path.GetFullPath(given), temporary: false);

    /// <inheritdoc />
    public void Dispose()
    {
        if (_temporary)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
