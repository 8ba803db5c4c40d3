using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Interfaces;
using MlCluster.Node.Gateway.OpenApi;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Gateway.Registration;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Gateway.Tensors;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Predictions (contract 5).</summary>
internal sealed class PredictEndpoints(
    PredictDispatcher dispatcher, PredictTelemetry telemetry, ModelInterfaces interfaces, SettingsGate gate)
    : IEndpointSource
{
    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        new("POST", "/_plugins/_ml/models/{model_id}/_predict", PredictAsync)
            { Body = BodyRule.Required, Description = Description("predictModel") },
        new("POST", "/_plugins/_ml/_predict/{algorithm}/{model_id}", PredictByAlgorithmAsync)
            { Body = BodyRule.Required, Description = Description("predict") },
    ];

    private static RouteDescription Description(string id) => new(id, "Predictions", "Predict with a loaded model")
    {
        Details = "Which fields the body needs depends on the model's function: `text_docs` for embeddings and sparse "
            + "weights, `query_text` and `text_docs` for similarity, `question` and `context` for answers.",
        Request = "Prediction",
        Answer = "Predicted",
        Errors = [403, 404, 429],
    };

    private ValueTask<ApiAnswer> PredictByAlgorithmAsync(ApiCall call)
    {
        var named = KnownNames.Function(call.Segment("{algorithm}"));
        return dispatcher.ServedFunction(call.QueriedModel()) is { } own && own != named
            ? throw ApiError.IllegalArgument(
                $"model {call.QueriedModel()} is for {own}, and the path says {named}").ToException()
            : PredictAsync(call, named);
    }

    private ValueTask<ApiAnswer> PredictAsync(ApiCall call) => PredictAsync(call, function: null);

    private async ValueTask<ApiAnswer> PredictAsync(ApiCall call, string? function)
    {
        var began = telemetry.Begin();
        var fields = PredictFields.Parse(call.Body.Span);
        gate.CheckLocalModels();
        var model = call.QueriedModel();
        var body = fields.For(function ?? await FunctionOfAsync(model, fields, call.Cancelled));
        var held = await interfaces.CheckInputAsync(model, call.Body, call.Cancelled);
        var replies = await dispatcher.PredictAsync(
            model, body, new RequestOrigin(call.RequestId, call.ClientTrace), call.Cancelled);
        var answer = new PredictAnswer(replies, new TensorWriter(body.ReturnNumber, body.ReturnBytes));
        await interfaces.CheckAnswerAsync(held, replies, answer, call.Cancelled);
        telemetry.End(model, began);
        return answer;
    }

    // Where a body fits one shape alone, a model that no node serves is found out about once, not twice.
    private async ValueTask<string> FunctionOfAsync(ModelId model, PredictFields fields, CancellationToken cancelled) =>
        dispatcher.ServedFunction(model) ?? (fields.AreTextsAlone
            ? FunctionNames.TextEmbedding
            : await dispatcher.FunctionOfAsync(model, cancelled));
}
