using MlCluster.Messages.Profile;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>What an ml node says of the models it has.</summary>
internal static class ProfileCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.GetNodeProfile, Wire.GetNodeProfile.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.NodeProfileReply, Wire.NodeProfileReply.Parser, ToWire, ToRecord),
    ];

    private static Wire.GetNodeProfile ToWire(GetNodeProfile query) =>
        new() { ModelIds = { query.ModelIds.Select(id => id.Value) }, WithPredictions = query.WithPredictions };

    private static GetNodeProfile ToRecord(Wire.GetNodeProfile wire) =>
        new([.. wire.ModelIds.Select(id => new ModelId(id))]) { WithPredictions = wire.WithPredictions };

    private static Wire.NodeProfileReply ToWire(NodeProfileReply reply) =>
        new() { NodeId = reply.NodeId.Value, Models = { reply.Models.Select(ToWire) } };

    private static NodeProfileReply ToRecord(Wire.NodeProfileReply wire) =>
        new(new NodeId(wire.NodeId), [.. wire.Models.Select(ToRecord)]);

    private static Wire.ModelProfile ToWire(ModelProfile model) => new()
    {
        ModelId = model.ModelId.Value,
        Stage = FromEnum(model.Stage),
        FunctionName = model.FunctionName,
        SizeBytes = model.SizeBytes,
        Error = model.Error,
        Serving = model.Serving is { } serving ? ToWire(serving) : null,
        ModelFormat = model.ModelFormat,
        Predictions = { model.Predictions.Select(ToWire) },
        IdleMilliseconds = model.IdleMilliseconds,
    };

    private static ModelProfile ToRecord(Wire.ModelProfile wire) => new(
        new ModelId(wire.ModelId),
        ToEnum<ModelStage>(wire.Stage),
        wire.FunctionName,
        wire.SizeBytes,
        wire.Error,
        wire.Serving is { } serving ? ToRecord(serving) : null)
    {
        ModelFormat = wire.ModelFormat,
        Predictions = [.. wire.Predictions.Select(ToRecord)],
        IdleMilliseconds = wire.IdleMilliseconds,
    };

    private static Wire.RunningPrediction ToWire(RunningPrediction prediction) =>
        new() { Id = prediction.Id.Value, Began = prediction.Began };

    private static RunningPrediction ToRecord(Wire.RunningPrediction wire) => new(new TaskId(wire.Id), wire.Began);

    private static Wire.ServingProfile ToWire(ServingProfile serving) => new()
    {
        Device = serving.Device,
        Batching = serving.Batching,
        Workers = serving.Workers,
        QueuedTokens = serving.QueuedTokens,
        Documents = serving.Documents,
        Forwards = serving.Forwards,
        PaddingShare = serving.PaddingShare,
        Requests = serving.Requests,
        FailedRequests = serving.FailedRequests,
        Request = ToWire(serving.Latencies.Request),
        Tokenize = ToWire(serving.Latencies.Tokenize),
        Queue = ToWire(serving.Latencies.Queue),
        Forward = ToWire(serving.Latencies.Forward),
    };

    private static ServingProfile ToRecord(Wire.ServingProfile wire) => new(
        wire.Device,
        wire.Batching,
        wire.Workers,
        wire.QueuedTokens,
        wire.Documents,
        wire.Forwards,
        wire.PaddingShare,
        wire.Requests,
        wire.FailedRequests,
        new ServingLatencies(
            ToRecord(Required(wire.Request)),
            ToRecord(Required(wire.Tokenize)),
            ToRecord(Required(wire.Queue)),
            ToRecord(Required(wire.Forward))));

    internal static Wire.LatencySummary ToWire(LatencySummary latency) => new()
    {
        Count = latency.Count,
        Max = latency.Max,
        Min = latency.Min,
        Average = latency.Average,
        P50 = latency.P50,
        P90 = latency.P90,
        P99 = latency.P99,
    };

    internal static LatencySummary ToRecord(Wire.LatencySummary wire) =>
        new(wire.Count, wire.Max, wire.Min, wire.Average, wire.P50, wire.P90, wire.P99);
}
