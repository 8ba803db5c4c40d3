using Akka.Configuration;
using MlCluster.Node.Hosting.Databases;
using MlCluster.Node.Hosting.Settings;

namespace MlCluster.Node.Hosting;

/// <summary>The HOCON files: the operator's over those beside the binary.</summary>
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
        var extra = LoadExtra(options.ConfigFiles);
        var shipped = LoadShipped(name => IsForDatabase(name, JournalDatabase.HoconFileOf(options)));
        var database = JournalDatabase.Of(options, extra.SafeWithFallback(shipped));
        return extra
            .SafeWithFallback(Connections(database))
            .SafeWithFallback(IsAlone(options) ? Alone : Config.Empty)
            .SafeWithFallback(shipped);
    }

    /// <summary>The operator's files; the last one wins.</summary>
    /// <exception cref="StartupException">A file is missing, is not HOCON, or sets what nobody reads.</exception>
    public static Config LoadExtra(IReadOnlyList<string> files)
    {
        // Settings of the database that is not used are no mistake.
        var shipped = files.Count > 0 ? LoadShipped(_ => true) : Config.Empty;
        return files.Aggregate(Config.Empty, (config, file) => ParseExtra(file, shipped).SafeWithFallback(config));
    }

    // Found from any working directory: they lie beside the binary.
    private static Config LoadShipped(Func<string, bool> wants) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "hocon"), "*.hocon")
            .Where(file => wants(Path.GetFileName(file)))
            .Order(StringComparer.Ordinal)
            .Aggregate(Config.Empty, (config, file) => Parse(file).SafeWithFallback(config));

    // One of the databases is set up, the other one is not there.
    private static bool IsForDatabase(string name, string wanted) =>
        !name.StartsWith("persistence.", StringComparison.Ordinal) || name == wanted;

    private static Config ParseExtra(string file, Config shipped)
    {
        var config = Parse(file);
        try
        {
            SettingsCheck.Check(config, shipped);
            return config;
        }
        catch (FormatException e)
        {
            throw new StartupException($"config file [{file}]: {e.Message}", e);
        }
    }

    private static Config Parse(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            HoconBrackets.Check(text);
            return ConfigurationFactory.ParseString(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"config file [{file}] cannot be read: {e.Message}", e);
        }
        catch (Exception e)
        {
            throw new StartupException($"config file [{file}] is not HOCON: {FirstLine(e)}", e);
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
        var (journal, chunks) = (Quoted(database.Journal), Quoted(database.Chunks));
        return ConfigurationFactory.ParseString(
            $$"""
            akka.persistence.journal.sql.connection-string = {{journal}}
            akka.persistence.snapshot-store.sql.connection-string = {{journal}}
            akka.persistence.query.journal.sql.connection-string = {{journal}}
            akka.persistence.journal.chunks.connection-string = {{chunks}}
            akka.persistence.query.journal.chunks.connection-string = {{chunks}}
            """);
    }

    // A folder's name may hold anything but a slash.
    private static string Quoted(string text) => '"' + text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal) + '"';
}
