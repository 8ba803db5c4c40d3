namespace MlCluster.Compose.Tests.Support;

/// <summary>A compose file whose image is a shell: the runner alone, without a node.</summary>
internal sealed class ShellProject : IDisposable
{
    private const string Dockerfile =
        """
        FROM scratch AS shell
        COPY --from=build /out /app
        VOLUME ["/var/lib/shell"]
        ENTRYPOINT ["/bin/sh", "-c"]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("mlcluster-shell-").FullName;

    public ShellProject(string services)
    {
        File.WriteAllText(Path.Combine(_folder, "Dockerfile"), Dockerfile);
        File.WriteAllText(Path.Combine(_folder, "docker-compose.yml"), services);
    }

    public ComposeOptions Options => new() { File = Path.Combine(_folder, "docker-compose.yml"), Network = "127.250" };

    public ComposeProject Open() => ComposeProject.Open(Options);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
