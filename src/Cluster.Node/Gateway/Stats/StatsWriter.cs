using System.Text.Json;
using MlCluster.Messages.Statistics;

namespace MlCluster.Node.Gateway.Stats;

/// <summary>Writes statistics (contract 7).</summary>
internal static class StatsWriter
{
    private const string NonExistent = "non-existent";

    /// <summary>Writes what was asked for.</summary>
    public static void Write(Utf8JsonWriter json, StatsQuery query, StatsData data)
    {
        json.WriteStartObject();
        foreach (var name in KnownStats.Cluster.Names.Where(query.WantsClusterStat))
        {
            WriteClusterStat(json, name, data);
        }

        if (query.WantsNodes)
        {
            json.WriteStartObject("nodes");
            foreach (var node in data.Nodes)
            {
                json.WriteStartObject(node.NodeId.Value);
                WriteNode(json, query, node);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // Controllers are kept with their models. Connectors and configurations are of features that are not here.
    private static void WriteClusterStat(Utf8JsonWriter json, string name, StatsData data)
    {
        switch (name)
        {
            case KnownStats.ModelIndexStatus or KnownStats.ControllerIndexStatus:
                json.WriteString(name, WordOf(data.Models));
                break;
            case KnownStats.TaskIndexStatus:
                json.WriteString(name, WordOf(data.Tasks));
                break;
            case KnownStats.ConnectorCount:
                json.WriteNumber(name, 0);
                break;
            case KnownStats.ModelCount when data.ModelCount is { } count:
                json.WriteNumber(name, count);
                break;
            case KnownStats.ModelCount:
                break;
            default:
                json.WriteString(name, NonExistent);
                break;
        }
    }

    private static string WordOf(IndexStatus status) => status == IndexStatus.Green ? "green" : "red";

    private static void WriteNode(Utf8JsonWriter json, StatsQuery query, NodeStatisticsReply node)
    {
        foreach (var name in KnownStats.Node.Names.Where(query.WantsNodeStat))
        {
            json.WriteNumber(name, ValueOf(name, node.Numbers));
        }

        var actions = node.Actions.Where(a => StatsQuery.Holds(query.Actions, a.Action)).ToList();
        if (query.WantsAlgorithms)
        {
            var wanted = actions.Where(a => StatsQuery.Holds(query.Algorithms, a.FunctionName));
            WriteGroups(json, "algorithms", query, wanted.ToLookup(a => a.FunctionName.ToLowerInvariant()));
        }

        if (query.Wants(StatLevel.Model))
        {
            var wanted = actions.Where(a => a.ModelId is { } model && StatsQuery.Holds(query.Models, model.Value));
            WriteGroups(json, "models", query, wanted.ToLookup(a => a.ModelId!.Value.Value));
        }
    }

    private static long ValueOf(string name, NodeNumbers numbers) => name switch
    {
        KnownStats.HeapUsage => numbers.HeapPercent,
        KnownStats.ExecutingTaskCount => numbers.ExecutingTasks,
        KnownStats.RequestCount => numbers.Requests,
        KnownStats.FailureCount => numbers.Failures,
        KnownStats.DeployedModelCount => numbers.DeployedModels,
        KnownStats.CircuitBreakerTriggerCount => numbers.Refusals,
        _ => throw new ArgumentException($"{name} is no number of a node", nameof(name)),
    };

    private static void WriteGroups(
        Utf8JsonWriter json, string name, StatsQuery query, ILookup<string, ActionStatistics> groups)
    {
        if (groups.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var group in groups.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(group.Key);
            foreach (var action in group.GroupBy(a => a.Action).OrderBy(a => a.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject(action.Key);
                WriteCounts(json, query, action.Sum(a => a.Requests), action.Sum(a => a.Failures));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // As in OpenSearch a count is there from its first event on.
    private static void WriteCounts(Utf8JsonWriter json, StatsQuery query, long requests, long failures)
    {
        if (StatsQuery.Holds(query.ActionStats, KnownStats.ActionRequestCount))
        {
            json.WriteNumber(KnownStats.ActionRequestCount, requests);
        }

        if (failures > 0 && StatsQuery.Holds(query.ActionStats, KnownStats.ActionFailureCount))
        {
            json.WriteNumber(KnownStats.ActionFailureCount, failures);
        }
    }
}
