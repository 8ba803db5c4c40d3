using System.Text.Json;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Gateway.Documents;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>Writes what <c>_nodes/stats</c> tells of a node, under OpenSearch's names.</summary>
/// <param name="now">Epoch milliseconds.</param>
internal sealed class NodeStatsWriter(Utf8JsonWriter json, NodeStatsWish wish, long now)
{
    /// <summary>One node, as a field of <c>nodes</c>.</summary>
    public void Write(NodeDeployments node, NodeStatisticsReply said)
    {
        var address = NodeAddress.Of(node);
        json.WriteStartObject(node.NodeId.Value);
        json.WriteNumber("timestamp", now);
        json.WriteString("name", node.Name);
        json.WriteString("transport_address", $"{address.Host}:{address.Port}");
        json.WriteString("host", address.Host);
        json.WriteString("ip", address.Host);
        json.StringArray("roles", NodeRoles.Of(node));
        if (said.Load is { } load && wish.Wants("os"))
        {
            WriteMachine(load);
        }

        if (said.Process is { } process)
        {
            WriteProcess(process);
            WriteRuntime(process, said.Numbers.HeapPercent);
        }

        json.WriteEndObject();
    }

    private void WriteMachine(MachineLoad load)
    {
        Begin("os");
        json.WriteStartObject("cpu");
        json.OptionalNumber("percent", load.CpuPercent);
        json.WriteStartObject("load_average");
        WriteAverage("1m", load.Load1);
        WriteAverage("5m", load.Load5);
        WriteAverage("15m", load.Load15);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("mem");
        json.OptionalNumber("used_percent", load.RamPercent);
        json.OptionalNumber("free_percent", 100 - load.RamPercent);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteAverage(string name, double? load)
    {
        if (load is { } average)
        {
            json.WriteNumber(name, average);
        }
    }

    private void WriteProcess(ProcessLoad process)
    {
        if (!wish.Wants("process"))
        {
            return;
        }

        Begin("process");
        json.OptionalNumber("open_file_descriptors", process.OpenFiles);
        json.WriteStartObject("cpu");
        json.WriteNumber("total_in_millis", process.CpuMillis);
        json.WriteEndObject();
        json.WriteStartObject("mem");
        json.WriteNumber("resident_in_bytes", process.ResidentBytes);
        json.WriteNumber("total_virtual_in_bytes", process.VirtualBytes);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // What runs here is no JVM; clients look for the heap under that name.
    private void WriteRuntime(ProcessLoad process, int heapPercent)
    {
        if (!wish.Wants("jvm"))
        {
            return;
        }

        Begin("jvm");
        json.WriteNumber("uptime_in_millis", process.UptimeMillis);
        json.WriteStartObject("mem");
        json.WriteNumber("heap_used_in_bytes", process.HeapBytes);
        json.WriteNumber("heap_used_percent", heapPercent);
        json.WriteNumber("heap_max_in_bytes", process.LimitBytes);
        json.WriteEndObject();
        json.WriteStartObject("threads");
        json.WriteNumber("count", process.Threads);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Begin(string section)
    {
        json.WriteStartObject(section);
        json.WriteNumber("timestamp", now);
    }
}
