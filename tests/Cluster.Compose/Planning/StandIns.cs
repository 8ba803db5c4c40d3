using MlCluster.Compose.Reading;
using MlCluster.Tests.Support;

namespace MlCluster.Compose.Planning;

/// <summary>Finds what runs here in the place of a service's image.</summary>
internal static class StandIns
{
    private const string PostgresData = "/var/lib/postgresql/data";

    /// <exception cref="ComposeException">Nothing here can run in its place.</exception>
    public static StandIn Of(ComposeService service, ComposeFile file, ComposeOptions options) => service switch
    {
        { BuildTarget: { } target } => Node(target, file, options),
        { Image: { } image } when image.Split(':')[0] == "postgres" => Postgres(service.Name),
        _ => throw new ComposeException(
            $"services.{service.Name}: nothing runs here in the place of image [{service.Image}]"),
    };

    private static StandIn Node(string target, ComposeFile file, ComposeOptions options)
    {
        var recipe = ImageRecipe.Parse(File.ReadAllText(Path.Combine(file.Folder, "Dockerfile")), target);
        return new StandIn($"the build in {options.Program}", recipe.Entrypoint)
        {
            Environment = recipe.Environment,
            Volumes = recipe.Volumes,
            Programs = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [recipe.Program] = options.Program.TrimEnd('/'),
            },
        };
    }

    private static StandIn Postgres(string service)
    {
        if (PostgresTools.Missing() is { } missing)
        {
            throw new ComposeException($"services.{service} {missing}");
        }

        return new StandIn(
            $"this machine's server in {PostgresTools.Folder}",
            PostgresTools.AsServerUser(
                "postgres", "-D", PostgresData, "-c", "listen_addresses=0.0.0.0", "-c", "unix_socket_directories="))
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PGHOST"] = "0.0.0.0",
                ["PATH"] = $"{PostgresTools.Folder}:{Environment.GetEnvironmentVariable("PATH")}",
            },
            Volumes = [PostgresData],
            StopSignal = "SIGINT",
            Command = command => command is ["postgres", ..] ? [.. command.Skip(1)] : command,
            PrepareAsync = (environment, folders) => Task.Run(() => PostgresTools.Initialize(
                folders[PostgresData],
                environment.GetValueOrDefault("POSTGRES_USER", "postgres"),
                environment.GetValueOrDefault("POSTGRES_PASSWORD", ""),
                environment.GetValueOrDefault("POSTGRES_DB", ""))),
        };
    }
}
