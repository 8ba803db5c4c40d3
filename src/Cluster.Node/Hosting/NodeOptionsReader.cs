using Akka.Configuration;
using MlCluster.Node.Hosting.Settings;

namespace MlCluster.Node.Hosting;

/// <summary>Reads the options: command line over environment over HOCON over defaults.</summary>
internal static class NodeOptionsReader
{
    private static readonly OptionDefinition ConfigOption = OptionTable.All.Single(o => o.Flag == "--config");

    /// <summary>Reads them out of this process's environment too.</summary>
    /// <exception cref="StartupException">An option that is not one, or whose text is wrong.</exception>
    public static NodeOptions Read(IReadOnlyList<string> arguments) => Read(
        arguments,
        Environment.GetEnvironmentVariable,
        Environment.GetEnvironmentVariables().Keys.Cast<string>());

    /// <exception cref="StartupException">An option that is not one, or whose text is wrong.</exception>
    public static NodeOptions Read(
        IReadOnlyList<string> arguments, Func<string, string?> environment, IEnumerable<string>? variables = null)
    {
        var given = ParseArguments(arguments);
        var files = ApplyNonHocon(new NodeOptions(), ConfigOption, given, environment).ConfigFiles;
        var settings = EnvironmentSettings.Select(variables ?? [], environment);
        var config = HoconFiles.LoadExtra(files, settings);
        var start = new NodeOptions { Settings = settings };
        return OptionTable.All.Aggregate(start, (o, d) => Apply(o, d, given, environment, config));
    }

    /// <summary>What <c>--help</c> prints.</summary>
    public static string Help =>
        "usage: Cluster.Node [options]\n       Cluster.Node health [options]   asks whether the node of these options is ready\n\n"
        + string.Join('\n', OptionTable.All.Select(o =>
            $"  {o.Flag + " " + o.Placeholder,-26} {o.Help} ({o.Environment})"))
        + "\n  --help                     print this and exit"
        + "\n  --version                  print the version and exit\n";

    private static NodeOptions Apply(
        NodeOptions options,
        OptionDefinition definition,
        ILookup<string, string> given,
        Func<string, string?> environment,
        Config config)
    {
        var key = $"mlcluster.node.{definition.Key}";
        var inFile = definition != ConfigOption && config.HasPath(key) && !given.Contains(definition.Flag)
            && string.IsNullOrEmpty(environment(definition.Environment));
        return inFile
            ? ApplyText(options, definition, HoconText(config, key), key)
            : ApplyNonHocon(options, definition, given, environment);
    }

    private static NodeOptions ApplyNonHocon(
        NodeOptions options,
        OptionDefinition definition,
        ILookup<string, string> given,
        Func<string, string?> environment)
    {
        if (given.Contains(definition.Flag))
        {
            return given[definition.Flag].Aggregate(options, (o, v) => ApplyText(o, definition, v, definition.Flag));
        }

        return environment(definition.Environment) is { Length: > 0 } text
            ? ApplyText(options, definition, text, definition.Environment)
            : options;
    }

    private static NodeOptions ApplyText(NodeOptions options, OptionDefinition definition, string text, string source)
    {
        try
        {
            return text.Length == 0 && definition.Placeholder is not null
                ? throw new FormatException("it has no value")
                : definition.Apply(options, text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            var what = definition.IsSecret ? source : $"{source} [{text}]";
            throw new StartupException($"{what}: {e.Message}", e);
        }
    }

    private static string HoconText(Config config, string key) =>
        config.GetValue(key) is { } value && value.IsArray()
            ? string.Join(',', config.GetStringList(key))
            : config.GetString(key);

    private static ILookup<string, string> ParseArguments(IReadOnlyList<string> arguments)
    {
        var found = new List<(string Flag, string Text)>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (flag, inline) = Split(arguments[i]);
            var definition = OptionTable.All.FirstOrDefault(o => o.Flag == flag)
                ?? throw Unknown(arguments[i], flag);
            var text = inline ?? (definition.Placeholder is null ? "" : NextText(arguments, ++i, flag));
            found.Add((flag, text));
        }

        return found.ToLookup(f => f.Flag, f => f.Text, StringComparer.Ordinal);
    }

    private static StartupException Unknown(string argument, string flag)
    {
        var meant = NearestName.Like(flag, OptionTable.All.Select(o => o.Flag)).FirstOrDefault();
        return new StartupException(
            $"unknown option [{argument}]; {(meant is null ? "" : $"did you mean [{meant}]? ")}--help lists them");
    }

    private static (string Flag, string? Inline) Split(string argument) =>
        argument.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            ? (argument[..at], argument[(at + 1)..])
            : (argument, null);

    private static string NextText(IReadOnlyList<string> arguments, int index, string flag) =>
        index < arguments.Count
            ? arguments[index]
            : throw new StartupException($"option [{flag}] needs a value; --help shows it");
}
