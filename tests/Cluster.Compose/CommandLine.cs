using System.Globalization;

namespace MlCluster.Compose;

/// <summary>The options of <c>up</c>.</summary>
internal static class CommandLine
{
    public const string Usage =
        """
        usage: Cluster.Compose up [options] [SERVICE …]

        Runs the services of a docker-compose.yml as processes of this machine, until Ctrl-C.

          --file FILE        the file (default: docker-compose.yml)
          --work DIR         volumes and logs, kept (default: a temporary folder that is removed)
          --scale NAME=N     replicas of a service, may repeat
          --profile NAME     also services of this profile, may repeat
          --network 127.N    first two numbers of the loopback addresses (default: 127.77)
        """;

    /// <exception cref="ComposeException">An option that is not one, or whose text is wrong.</exception>
    public static ComposeOptions Read(IReadOnlyList<string> arguments)
    {
        var options = new ComposeOptions { File = "docker-compose.yml" };
        var left = new Queue<string>(arguments);
        while (left.TryDequeue(out var word))
        {
            options = word.StartsWith('-')
                ? Apply(options, word.Split('=')[0], Value(word, left))
                : options with { Services = [.. options.Services, word] };
        }

        return options;
    }

    private static ComposeOptions Apply(ComposeOptions options, string flag, string value) => (flag, value) switch
    {
        (_, "") => throw new ComposeException($"option [{flag}] needs a value\n{Usage}"),
        ("--file", _) => options with { File = value },
        ("--work", _) => options with { Work = value },
        ("--profile", _) => options with { Profiles = [.. options.Profiles, value] },
        ("--network", _) => options with { Network = Network(value) },
        ("--scale", _) => options with { Scale = Scaled(options.Scale, value) },
        _ => throw new ComposeException($"unknown option [{flag}]\n{Usage}"),
    };

    // --flag value or --flag=value
    private static string Value(string word, Queue<string> left) =>
        word.Split('=', 2) is [_, var value] ? value : left.TryDequeue(out var next) ? next : "";

    private static string Network(string text) =>
        text.Split('.') is ["127", var second] && byte.TryParse(second, NumberStyles.None, null, out _)
            ? text
            : throw new ComposeException($"--network [{text}]: give 127.N");

    private static Dictionary<string, int> Scaled(IReadOnlyDictionary<string, int> scale, string text) =>
        text.Split('=') is [var name, var number]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var replicas)
            ? new Dictionary<string, int>(scale, StringComparer.Ordinal) { [name] = replicas }
            : throw new ComposeException($"--scale [{text}]: give NAME=N");
}
