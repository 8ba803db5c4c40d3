namespace MlCluster.Compose.Tests.Support;

/// <summary>The folder that holds docker-compose.yml.</summary>
internal static class RepositoryFolder
{
    public static string Path { get; } = Find();

    public static string ComposeFile => System.IO.Path.Combine(Path, "docker-compose.yml");

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "MlCluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("MlCluster.sln is in no parent folder");
    }
}
