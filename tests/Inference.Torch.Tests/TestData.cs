namespace MlCluster.Inference.Tests;

/// <summary>Finds the files that tests read: those of this repository and those that lie beside it.</summary>
internal static class TestData
{
    private const string SharedVariable = "MLCLUSTER_SHARED";

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Path of a tiny archive of this repository.</summary>
    /// <param name="name">Its name without <c>.zip</c>; <c>tests/archives/README.md</c> lists them.</param>
    public static string Archive(string name) => Path.Combine(Root, "tests", "archives", name + ".zip");

    /// <summary>Path of <c>tests/archives/golden.jsonl</c>.</summary>
    public static string Golden => Path.Combine(Root, "tests", "archives", "golden.jsonl");

    /// <summary>Path below the shared folder; skips the calling test where it is absent.</summary>
    public static string Shared(params string[] parts)
    {
        var folder = Environment.GetEnvironmentVariable(SharedVariable) ?? Path.Combine(Root, "..", "shared");
        var path = Path.GetFullPath(Path.Combine([folder, .. parts]));
        Skip.If(
            !Path.Exists(path), $"needs the folder of real archives, {SharedVariable} or {folder}: {path} is missing");
        return path;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MlCluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("MlCluster.sln is in no folder above the tests");
    }
}
