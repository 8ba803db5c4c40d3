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
    ];

    private static Wire.GetNodeStatistics ToWire(GetNodeStatistics query) => new();

    private static GetNodeStatistics ToRecord(Wire.GetNodeStatistics wire) => new();

    private static Wire.NodeStatisticsReply ToWire(NodeStatisticsReply reply) => new()
    {
        NodeId = reply.NodeId.Value,
        Numbers = ToWire(reply.Numbers),
        Actions = { reply.Actions.Select(ToWire) },
        Routed = { reply.Routed.Select(ToWire) },
    };

    private static NodeStatisticsReply ToRecord(Wire.NodeStatisticsReply wire) => new(
        new NodeId(wire.NodeId), ToRecord(Required(wire.Numbers)), [.. wire.Actions.Select(ToRecord)])
    {
        Routed = [.. wire.Routed.Select(ToRecord)],
    };

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

    private static Wire.ActionStatistics ToWire(ActionStatistics action) => new()
    {
        FunctionName = action.FunctionName,
        ModelId = action.ModelId.Value,
        Action = action.Action,
        Requests = action.Requests,
        Failures = action.Failures,
    };

    private static ActionStatistics ToRecord(Wire.ActionStatistics wire) => new(
        wire.FunctionName, new ModelId(wire.ModelId), wire.Action, wire.Requests, wire.Failures);
}
