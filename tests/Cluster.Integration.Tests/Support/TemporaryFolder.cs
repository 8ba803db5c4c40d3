namespace MlCluster.Integration.Tests.Support;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Absolute path; the folder exists.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("mlcluster-").FullName;

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
