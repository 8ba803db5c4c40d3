using Microsoft.Extensions.Logging.Console;

namespace MlCluster.Node.Hosting;

/// <summary>One line an event on standard output; JSON by option.</summary>
internal static class Logs
{
    public static void AddNodeLogs(this ILoggingBuilder logging, NodeOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        // Each request and each endpoint would be a line; faults are logged where they are met.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        // Its lines are below that anyway, and for their sake it makes an activity for each request, which a short query
        // notices; traces have their own.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Akka's own start and stop are a page of lines; what it warns of matters.
        logging.AddFilter("Akka", LogLevel.Warning);
        // Its first look comes before the singleton is up, and it says that 30 seconds have passed.
        logging.AddFilter("Akka.Cluster.Tools.Singleton.ClusterSingletonProxy", LogLevel.Error);
        // While the database is away it says so every two seconds; the supervisor says it once.
        logging.AddFilter("Akka.Persistence.Sql.Query.JournalSequenceActor", LogLevel.Error);
        if (options.LogJson)
        {
            logging.AddJsonConsole(json => Stamp(json));
        }
        else
        {
            logging.AddConsole(console => console.FormatterName = TextLogFormatter.FormatterName)
                .AddConsoleFormatter<TextLogFormatter, ConsoleFormatterOptions>(Stamp);
        }
    }

    private static void Stamp(ConsoleFormatterOptions options)
    {
        options.UseUtcTimestamp = true;
        options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
    }
}
