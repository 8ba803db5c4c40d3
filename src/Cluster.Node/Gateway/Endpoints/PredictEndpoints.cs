using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Gateway.Registration;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Gateway.Tensors;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Predictions (contract 5).</summary>
internal sealed class PredictEndpoints(PredictDispatcher dispatcher, SettingsGate gate) : IEndpointSource
{
    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        new("POST", "/_plugins/_ml/models/{model_id}/_predict", PredictAsync) { Body = BodyRule.Required },
        new("POST", "/_plugins/_ml/_predict/{algorithm}/{model_id}", PredictByAlgorithmAsync)
            { Body = BodyRule.Required },
    ];

    private ValueTask<ApiAnswer> PredictByAlgorithmAsync(ApiCall call)
    {
        _ = KnownNames.Function(call.Segment("{algorithm}"));
        return PredictAsync(call);
    }

    private async ValueTask<ApiAnswer> PredictAsync(ApiCall call)
    {
        var body = PredictBody.Parse(call.Body.Span);
        gate.CheckLocalModels();
        var replies = await dispatcher.PredictAsync(call.QueriedModel(), body, call.RequestId, call.Cancelled);
        return new PredictAnswer(replies, new TensorWriter(body.ReturnNumber, body.ReturnBytes));
    }
}
