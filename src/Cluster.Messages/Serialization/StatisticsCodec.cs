using MlCluster.Messages.Statistics;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>What a node has counted.</summary>
internal static class StatisticsCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.GetNodeStatistics, Wire.GetNodeStatistics.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.NodeStatisticsReply, Wire.NodeStatisticsReply.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ForgetModelStatistics, Wire.ForgetModelStatistics.Parser, ToWire, ToRecord),
    ];

    private static Wire.GetNodeStatistics ToWire(GetNodeStatistics query) => new();

    private static GetNodeStatistics ToRecord(Wire.GetNodeStatistics wire) => new();

    private static Wire.ForgetModelStatistics ToWire(ForgetModelStatistics word) =>
        new() { ModelId = word.ModelId.Value };

    private static ForgetModelStatistics ToRecord(Wire.ForgetModelStatistics wire) => new(new ModelId(wire.ModelId));

    private static Wire.NodeStatisticsReply ToWire(NodeStatisticsReply reply) => new()
    {
        NodeId = reply.NodeId.Value,
        Numbers = ToWire(reply.Numbers),
        Actions = { reply.Actions.Select(ToWire) },
        Load = reply.Load is { } load ? ToWire(load) : null,
        Routed = { reply.Routed.Select(ToWire) },
        Process = reply.Process is { } process ? ToWire(process) : null,
    };

    private static NodeStatisticsReply ToRecord(Wire.NodeStatisticsReply wire) => new(
        new NodeId(wire.NodeId), ToRecord(Required(wire.Numbers)), [.. wire.Actions.Select(ToRecord)])
    {
        Load = wire.Load is { } load ? ToRecord(load) : null,
        Routed = [.. wire.Routed.Select(ToRecord)],
        Process = wire.Process is { } process ? ToRecord(process) : null,
    };

    private static Wire.ProcessLoad ToWire(ProcessLoad process) => new()
    {
        UptimeMillis = process.UptimeMillis,
        CpuMillis = process.CpuMillis,
        ResidentBytes = process.ResidentBytes,
        VirtualBytes = process.VirtualBytes,
        HeapBytes = process.HeapBytes,
        LimitBytes = process.LimitBytes,
        Threads = process.Threads,
        OpenFiles = process.OpenFiles,
    };

    private static ProcessLoad ToRecord(Wire.ProcessLoad wire) => new(
        wire.UptimeMillis,
        wire.CpuMillis,
        wire.ResidentBytes,
        wire.VirtualBytes,
        wire.HeapBytes,
        wire.LimitBytes,
        wire.Threads,
        wire.OpenFiles);

    private static Wire.MachineLoad ToWire(MachineLoad load) => new()
    {
        RamPercent = load.RamPercent,
        CpuPercent = load.CpuPercent,
        Load1 = load.Load1,
        Load5 = load.Load5,
        Load15 = load.Load15,
    };

    private static MachineLoad ToRecord(Wire.MachineLoad wire) =>
        new(wire.RamPercent, wire.CpuPercent, wire.Load1, wire.Load5, wire.Load15);

    private static Wire.RoutedPredictions ToWire(RoutedPredictions routed) =>
        new() { ModelId = routed.ModelId.Value, Times = ProfileCodec.ToWire(routed.Times) };

    private static RoutedPredictions ToRecord(Wire.RoutedPredictions wire) =>
        new(new ModelId(wire.ModelId), ProfileCodec.ToRecord(Required(wire.Times)));

    private static Wire.NodeNumbers ToWire(NodeNumbers numbers) => new()
    {
        HeapPercent = numbers.HeapPercent,
        ExecutingTasks = numbers.ExecutingTasks,
        Requests = numbers.Requests,
        Failures = numbers.Failures,
        DeployedModels = numbers.DeployedModels,
        Refusals = numbers.Refusals,
    };

    private static NodeNumbers ToRecord(Wire.NodeNumbers wire) => new(
        wire.HeapPercent, wire.ExecutingTasks, wire.Requests, wire.Failures, wire.DeployedModels, wire.Refusals);

    private static Wire.ActionStatistics ToWire(ActionStatistics action)
    {
        var wire = new Wire.ActionStatistics
        {
            FunctionName = action.FunctionName,
            Action = action.Action,
            Requests = action.Requests,
            Failures = action.Failures,
        };
        if (action.ModelId is { } model)
        {
            wire.ModelId = model.Value;
        }

        return wire;
    }

    private static ActionStatistics ToRecord(Wire.ActionStatistics wire) => new(
        wire.FunctionName,
        wire.HasModelId ? new ModelId(wire.ModelId) : null,
        wire.Action,
        wire.Requests,
        wire.Failures);
}
