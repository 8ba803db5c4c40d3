using System.Diagnostics;
using MlCluster.Messages;
using MlCluster.Messages.Inference;

namespace MlCluster.Node.Telemetry;

/// <summary>Spans of predictions, from the gateway over the wire to the model. Nothing is made while nobody listens.</summary>
/// <remarks>
/// <code>
/// POST /_plugins/_ml/models/{model_id}/_predict   server, gateway
///   └ ask                                          client, gateway: one a group of documents and attempt
///       └ predict                                  server, ml node
///           ├ tokenize ├ queue └ forward
/// </code>
/// </remarks>
internal static class Tracing
{
    /// <summary>Name of the source, for those who listen.</summary>
    public const string SourceName = "MlCluster";

    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>A gateway asks a node for a group of documents; null: nobody listens.</summary>
    public static Activity? StartAsk(ModelId model, NodeId node, int documents) =>
        Source.StartActivity("ask", ActivityKind.Client)
            ?.SetTag(Labels.Model, model.Value)
            .SetTag(Labels.Node, node.Value)
            .SetTag("documents", documents);

    /// <summary>A node answers a group of documents; null: nobody listens.</summary>
    public static Activity? StartPredict(PredictRequest request)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        _ = ActivityContext.TryParse(request.Trace?.Parent, request.Trace?.State, isRemote: true, out var parent);
        return Source.StartActivity("predict", ActivityKind.Server, parent)
            ?.SetTag(Labels.Model, request.ModelId.Value)
            .SetTag("documents", request.Texts.Count);
    }

    /// <summary>Adds the stages, whose times are known when they are over.</summary>
    /// <param name="answered">When the last one ended, roughly: it takes microseconds to say so.</param>
    public static void AddStages(Activity predict, DateTimeOffset answered, in PredictTimes times)
    {
        var queued = answered - times.Forward - times.Queue;
        AddStage(predict, "tokenize", queued - times.Tokenize, times.Tokenize);
        AddStage(predict, "queue", queued, times.Queue);
        AddStage(predict, "forward", queued + times.Queue, times.Forward);
    }

    /// <summary>What a message to another node carries of the trace.</summary>
    /// <param name="span">The caller's own; null: nobody listens here.</param>
    /// <param name="client">The client's: another node may be listened to.</param>
    public static TraceContext? ContextOf(Activity? span, TraceContext? client) =>
        span?.Id is { } id ? new TraceContext(id, span.TraceStateString) : client;

    private static void AddStage(Activity parent, string name, DateTimeOffset start, TimeSpan elapsed)
    {
        using var stage = Source.StartActivity(
            name, ActivityKind.Internal, parent.Context, tags: null, links: null, start);
        stage?.SetEndTime((start + elapsed).UtcDateTime);
    }
}
