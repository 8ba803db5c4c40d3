namespace MlCluster.Integration.Tests.Support;

/// <summary>Files beside and inside the repository.</summary>
public static class Repository
{
    /// <summary>The folder that holds MlCluster.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>One of the committed tiny archives.</summary>
    public static string TinyArchive(string name) => Path.Combine(Root, "tests", "archives", name);

    /// <summary>The folder with real archives and vectors; skips the test where there is none.</summary>
    public static string Shared()
    {
        var folder = Environment.GetEnvironmentVariable("MLCLUSTER_SHARED") is { Length: > 0 } named
            ? named
            : Path.Combine(Root, "..", "shared");
        Skip.If(!Directory.Exists(folder), $"needs the folder of real archives, MLCLUSTER_SHARED or {folder}");
        return Path.GetFullPath(folder);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MlCluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("MlCluster.sln is in no parent folder");
    }
}
