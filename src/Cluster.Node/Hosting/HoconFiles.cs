using Akka.Configuration;
using MlCluster.Node.Hosting.Databases;
using MlCluster.Node.Hosting.Settings;

namespace MlCluster.Node.Hosting;

/// <summary>The HOCON: the environment's over the operator's files over those beside the binary.</summary>
internal static class HoconFiles
{
    // Nobody is there who could take a busy second for a death, so a late heartbeat is no news: Akka warns when one is
    // late by its interval. Should others join in spite of the random port, all this works, only more slowly.
    private static readonly Config Alone = ConfigurationFactory.ParseString(
        """
        akka.cluster.failure-detector {
          heartbeat-interval = 20s
          acceptable-heartbeat-pause = 60s
        }
        """);

    /// <summary>All configuration of a node, without Akka's own defaults.</summary>
    /// <exception cref="StartupException">A file is missing, is not HOCON, or sets what nobody reads.</exception>
    public static Config Load(NodeOptions options)
    {
        var extra = LoadExtra(options.ConfigFiles, options.Settings);
        var shipped = LoadShipped(name => IsForDatabase(name, JournalDatabase.HoconFileOf(options)));
        var database = JournalDatabase.Of(options, extra.SafeWithFallback(shipped));
        return extra
            .SafeWithFallback(Connections(database))
            .SafeWithFallback(IsAlone(options) ? Alone : Config.Empty)
            .SafeWithFallback(shipped);
    }

    /// <summary>What the operator set: variables of the environment, then the files, of which the last one wins.</summary>
    /// <param name="files">Paths.</param>
    /// <param name="settings">Texts by the names of their variables; see <see cref="EnvironmentSettings"/>.</param>
    /// <exception cref="StartupException">A file is missing, is not HOCON, or something is set that nobody reads.</exception>
    public static Config LoadExtra(IReadOnlyList<string> files, IReadOnlyDictionary<string, string> settings)
    {
        var extra = files.Select(f => (Source: $"config file [{f}]", Text: ReadText(f)))
            .Concat(settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => (
                Source: $"environment variable [{s.Key}]", Text: EnvironmentSettings.HoconOf(s.Key, s.Value))))
            .ToArray();
        // Settings of the database that is not used are no mistake.
        var shipped = extra.Length > 0 ? LoadShipped(_ => true) : Config.Empty;
        return extra.Aggregate(
            Config.Empty, (config, e) => ParseExtra(e.Source, e.Text, shipped).SafeWithFallback(config));
    }

    // Found from any working directory: they lie beside the binary.
    private static Config LoadShipped(Func<string, bool> wants) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "hocon"), "*.hocon")
            .Where(file => wants(Path.GetFileName(file)))
            .Order(StringComparer.Ordinal)
            .Aggregate(Config.Empty, (config, f) => Parse($"config file [{f}]", ReadText(f)).SafeWithFallback(config));

    // One of the databases is set up, the other one is not there.
    private static bool IsForDatabase(string name, string wanted) =>
        !name.StartsWith("persistence.", StringComparison.Ordinal) || name == wanted;

    private static Config ParseExtra(string source, string text, Config shipped)
    {
        var config = Parse(source, text);
        try
        {
            SettingsCheck.Check(config, shipped);
            return config;
        }
        catch (FormatException e)
        {
            throw new StartupException($"{source}: {e.Message}", e);
        }
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"config file [{file}] cannot be read: {e.Message}", e);
        }
    }

    private static Config Parse(string source, string text)
    {
        try
        {
            HoconBrackets.Check(text);
            return ConfigurationFactory.ParseString(text);
        }
        catch (Exception e)
        {
            throw new StartupException($"{source} is not HOCON: {FirstLine(e)}", e);
        }
    }

    // Akka's parser shows the text below; a reference that it did not expect to be null says nothing to anybody.
    private static string FirstLine(Exception e) => e is NullReferenceException
        ? "a key without [=] or an include"
        : e.Message.Split('\n')[0].TrimEnd();

    // Without a port of its own nobody can be told to join it.
    private static bool IsAlone(NodeOptions options) => options is { Seeds.Count: 0, Port: 0 };

    private static Config Connections(JournalDatabase database)
    {
        var (journal, chunks) = (HoconText.Quoted(database.Journal), HoconText.Quoted(database.Chunks));
        return ConfigurationFactory.ParseString(
            $$"""
            akka.persistence.journal.sql.connection-string = {{journal}}
            akka.persistence.snapshot-store.sql.connection-string = {{journal}}
            akka.persistence.query.journal.sql.connection-string = {{journal}}
            akka.persistence.journal.chunks.connection-string = {{chunks}}
            akka.persistence.query.journal.chunks.connection-string = {{chunks}}
            """);
    }
}
