using Akka.Configuration;
using MlCluster.Node.Hosting.Databases;

namespace MlCluster.Node.Hosting;

/// <summary>The HOCON files: the operator's over those beside the binary.</summary>
internal static class HoconFiles
{
    /// <summary>All configuration of a node, without Akka's own defaults.</summary>
    /// <exception cref="StartupException">A file is missing or is not HOCON.</exception>
    public static Config Load(NodeOptions options)
    {
        var extra = LoadExtra(options.ConfigFiles);
        var shipped = LoadShipped(options);
        var database = JournalDatabase.Of(options, extra.SafeWithFallback(shipped));
        return extra.SafeWithFallback(Connections(database)).SafeWithFallback(shipped);
    }

    /// <summary>The operator's files; the last one wins.</summary>
    /// <exception cref="StartupException">A file is missing or is not HOCON.</exception>
    public static Config LoadExtra(IEnumerable<string> files) =>
        files.Aggregate(Config.Empty, (config, file) => Parse(file).SafeWithFallback(config));

    // Found from any working directory: they lie beside the binary.
    private static Config LoadShipped(NodeOptions options) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "hocon"), "*.hocon")
            .Where(file => IsForDatabase(Path.GetFileName(file), JournalDatabase.HoconFileOf(options)))
            .Order(StringComparer.Ordinal)
            .Aggregate(Config.Empty, (config, file) => Parse(file).SafeWithFallback(config));

    // One of the databases is set up, the other one is not there.
    private static bool IsForDatabase(string name, string wanted) =>
        !name.StartsWith("persistence.", StringComparison.Ordinal) || name == wanted;

    private static Config Parse(string file)
    {
        try
        {
            return ConfigurationFactory.ParseString(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"config file [{file}] cannot be read: {e.Message}", e);
        }
        catch (Exception e)
        {
            throw new StartupException($"config file [{file}] is not HOCON: {e.Message}", e);
        }
    }

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

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
