using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Tensors;
using MlCluster.Node.Hosting;
using MlCluster.Node.Ml.Serving;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>Gets predictions from the nodes that serve a model.</summary>
/// <param name="Client">Asks other nodes.</param>
/// <param name="Local">Is called instead, where it serves the model.</param>
/// <param name="Views">Who serves what.</param>
/// <param name="Outstanding">What is under way.</param>
/// <param name="Watch">Notices nodes that go.</param>
/// <param name="Options">Limits and times.</param>
/// <param name="Context">This node.</param>
internal sealed record PredictDispatcher(
    IClusterClient Client,
    LocalServing Local,
    IClusterViewSource Views,
    OutstandingTokens Outstanding,
    NodeWatch Watch,
    GatewayOptions Options,
    NodeContext Context)
{
    /// <summary>What a model is for, as its nodes say; null: none serves it.</summary>
    public string? ServedFunction(ModelId model) =>
        Views.Current.ReplicasOf(model).Select(static r => r.Model.FunctionName).FirstOrDefault();

    /// <summary>What a model is for, as it says itself.</summary>
    /// <exception cref="Errors.ApiException">404: there is no such model; 503: this gateway knows no node.</exception>
    public async Task<string> FunctionOfAsync(ModelId model, CancellationToken clientGone)
    {
        if (Views.Current.Nodes.Count == 0)
        {
            throw PredictErrors.NotJoined();
        }

        return await Client.AskModelAsync<IModelReply>(new GetModel(model), clientGone) switch
        {
            ModelDocument document => document.Spec.FunctionName,
            ModelRejected rejected => throw ErrorMapping.Of(rejected.Error).ToException(),
            var other => throw new InvalidOperationException($"{other.GetType().Name} came in answer to GetModel"),
        };
    }

    /// <summary>Answers for the documents.</summary>
    /// <returns>Replies whose documents, one after the other, are the body's.</returns>
    /// <exception cref="Errors.ApiException">The refusal that the client is to see.</exception>
    public async Task<IReadOnlyList<Predicted>> PredictAsync(
        ModelId model, PredictBody body, RequestOrigin origin, CancellationToken clientGone)
    {
        var writer = new TensorWriter(body.ReturnNumber, body.ReturnBytes);
        var request = new PredictRunRequest(model, body, RequestIdOf(origin), writer)
        {
            ClientTrace = origin.Trace,
        };
        using var run = new PredictRun(this, request, clientGone);
        return await run.RunAsync();
    }

    // While it runs it is a task by this id.
    private string RequestIdOf(RequestOrigin origin) =>
        $"{Context.NodeId}-{origin.RequestId.Replace(':', '-')}";
}

/// <summary>What one run is about.</summary>
/// <param name="RequestId">Unique in the cluster.</param>
/// <param name="Writer">Knows how large the answer becomes.</param>
internal sealed record PredictRunRequest(ModelId Model, PredictBody Body, string RequestId, TensorWriter Writer)
{
    /// <summary>The trace that the client's request is a part of; null: none.</summary>
    public TraceContext? ClientTrace { get; init; }
}

/// <summary>Where a prediction comes from.</summary>
/// <param name="RequestId">Unique among this node's requests.</param>
/// <param name="Trace">The client's; null: none.</param>
internal sealed record RequestOrigin(string RequestId, TraceContext? Trace = null);
