using MlCluster.Messages.Inference;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Predictions; tensor bytes are wrapped, not copied.</summary>
internal static class InferenceCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.PredictRequest, Wire.PredictRequest.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.CancelPredict, Wire.CancelPredict.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.Predicted, Wire.Predicted.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.PredictRejected, Wire.PredictRejected.Parser, ToWire, ToRecord),
    ];

    private static Wire.PredictRequest ToWire(PredictRequest request) => new()
    {
        ModelId = request.ModelId.Value,
        RequestId = request.RequestId,
        Texts = { request.Texts },
        TargetResponse = request.TargetResponse is { } names ? new Wire.StringList { Items = { names } } : null,
        TargetPositions = request.TargetPositions is { } at ? new Wire.Int32List { Items = { at } } : null,
        IncludeData = request.IncludeData,
        TimeoutTicks = request.Timeout.Ticks,
        Query = request.Query,
        Role = request.Role is { } role ? FromEnum(role) : null,
        Format = FromEnum(request.Format),
        Trace = request.Trace is { } trace
            ? new Wire.TraceContext { Parent = trace.Parent, State = trace.State }
            : null,
        IsContinuation = request.IsContinuation,
        Call = request.Call,
    };

    private static PredictRequest ToRecord(Wire.PredictRequest wire) => new(
        new ModelId(wire.ModelId),
        wire.RequestId,
        [.. wire.Texts],
        wire.TargetResponse is { } names ? [.. names.Items] : null,
        wire.TargetPositions is { } positions ? [.. positions.Items] : null,
        wire.IncludeData,
        new TimeSpan(wire.TimeoutTicks),
        wire.Query,
        wire.Role is { } role ? ToEnum<DocumentRole>(role) : null,
        ToEnum<TokenFormat>(wire.Format),
        wire.Trace is { } trace ? new TraceContext(trace.Parent, trace.State) : null,
        wire.IsContinuation,
        wire.Call);

    private static Wire.CancelPredict ToWire(CancelPredict command) =>
        new() { ModelId = command.ModelId.Value, RequestId = command.RequestId, Call = command.Call };

    private static CancelPredict ToRecord(Wire.CancelPredict wire) =>
        new(new ModelId(wire.ModelId), wire.RequestId, wire.Call);

    private static Wire.Predicted ToWire(Predicted reply) => new()
    {
        ModelId = reply.ModelId.Value,
        Documents = { reply.Documents.Select(ToWire) },
        Timings = ToWire(reply.Timings),
        InterfaceVersion = reply.InterfaceVersion,
    };

    private static Predicted ToRecord(Wire.Predicted wire) => new(
        new ModelId(wire.ModelId), [.. wire.Documents.Select(ToRecord)], ToRecord(Required(wire.Timings)))
    {
        InterfaceVersion = wire.InterfaceVersion,
    };

    private static Wire.PredictRejected ToWire(PredictRejected reply) =>
        new() { ModelId = reply.ModelId.Value, Error = reply.Error.ToWire() };

    private static PredictRejected ToRecord(Wire.PredictRejected wire) =>
        new(new ModelId(wire.ModelId), Required(wire.Error).ToRecord());

    private static Wire.DocumentTensors ToWire(DocumentTensors document) =>
        new() { Tensors = { document.Tensors.Select(ToWire) } };

    private static DocumentTensors ToRecord(Wire.DocumentTensors wire) => new([.. wire.Tensors.Select(ToRecord)]);

    private static Wire.TensorPayload ToWire(TensorPayload tensor) => new()
    {
        Name = tensor.Name,
        DataType = FromEnum(tensor.DataType),
        Shape = { tensor.Shape },
        Data = Bytes(tensor.Data),
        Content = tensor.Content is { } content ? ToWire(content) : null,
    };

    private static TensorPayload ToRecord(Wire.TensorPayload wire) => new(
        wire.Name,
        ToEnum<TensorDataType>(wire.DataType),
        [.. wire.Shape],
        wire.Data.Memory,
        wire.Content is { } content ? ToRecord(content) : null);

    private static Wire.TensorContent ToWire(TensorContent content) => new()
    {
        Weights = content.Weights is { } weights
            ? new Wire.TokenWeightList { Tokens = { weights.Tokens }, Weights = { weights.Weights } }
            : null,
        Text = content.Text,
        Highlights = content.Highlights is { } highlights
            ? new Wire.HighlightList { Items = { highlights.Items.Select(ToWire) } }
            : null,
    };

    private static TensorContent ToRecord(Wire.TensorContent wire) => new(
        wire.Weights is { } weights ? new TokenWeightList([.. weights.Tokens], [.. weights.Weights]) : null,
        wire.Text,
        wire.Highlights is { } highlights ? new HighlightList([.. highlights.Items.Select(ToRecord)]) : null);

    private static Wire.Highlight ToWire(Highlight highlight) => new()
    {
        Text = highlight.Text, Position = highlight.Position, Start = highlight.Start, End = highlight.End,
    };

    private static Highlight ToRecord(Wire.Highlight wire) => new(wire.Text, wire.Position, wire.Start, wire.End);

    private static Wire.PredictTimings ToWire(PredictTimings timings) => new()
    {
        Tokens = timings.Tokens,
        TokenizeMicros = timings.TokenizeMicros,
        QueueMicros = timings.QueueMicros,
        ForwardMicros = timings.ForwardMicros,
    };

    private static PredictTimings ToRecord(Wire.PredictTimings wire) =>
        new(wire.Tokens, wire.TokenizeMicros, wire.QueueMicros, wire.ForwardMicros);
}
