using System.Globalization;
using Akka.Actor;
using MlCluster.Messages.Serialization;

namespace MlCluster.Benchmarks;

/// <summary>Bytes that a hundred nodes and ten thousand models take on the wire and in a gateway, and a hundred thousand
/// tasks in the index of a data node.</summary>
internal static class BigClusterSizes
{
    /// <summary>Prints a Markdown table.</summary>
    public static void Write(TextWriter output)
    {
        var words = BigCluster.Words();
        using var system = ActorSystem.Create("sizes");
        var serializer = new ClusterProtocolSerializer((ExtendedActorSystem)system);
        var onTheWire = words.Select(w => serializer.ToBinary(w).LongLength).ToArray();
        output.WriteLine("| what | bytes |");
        output.WriteLine("|---|---|");
        Row(output, "one node's word: sent to the others when one of its models comes or goes", onTheWire.Max());
        Row(output, "all words: the whole state, sent to a node that joins", onTheWire.Sum());
        Row(output, "a gateway's routing: state, view and lookups in memory", Retained(() =>
        {
            var routing = BigCluster.Routing(BigCluster.Words());
            var view = routing.ToView();
            view.ReplicasOf(BigCluster.Model(0));
            return (routing, view, view.EligibleNodes);
        }));
        Row(output, "an index of 100,000 tasks in a data node's memory", Retained(SearchChangeBenchmarks.Filled));
    }

    private static void Row(TextWriter output, string what, long bytes) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {bytes:N0} |"));

    private static long Retained<T>(Func<T> make)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var made = make();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(made);
        return after - before;
    }
}
