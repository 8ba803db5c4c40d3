using System.Text.Json;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Gateway.Documents;

namespace MlCluster.Node.Gateway.Profiles;

/// <summary>Writes one model on one node.</summary>
/// <remarks>Beside OpenSearch's fields: stage, device, batching, and the times of each stage apart.</remarks>
internal static class ModelProfileWriter
{
    private const string Onnx = "ONNX";

    /// <summary>Writes the fields, without the object around them.</summary>
    public static void WriteFields(Utf8JsonWriter json, ModelOnNode model, Dialect dialect)
    {
        if (model.Profile is { } profile)
        {
            WriteFields(json, profile, dialect);
        }

        if (model.Requests is { } requests)
        {
            Write(json, "predict_request_stats", requests);
        }
    }

    private static void WriteFields(Utf8JsonWriter json, ModelProfile model, Dialect dialect)
    {
        json.WriteString("model_state", Words.Of(StatusOf(model.Stage), dialect));
        json.WriteString("stage", NameOf(model.Stage));
        json.WriteString("function_name", model.FunctionName);
        json.OptionalString("error", model.Error);
        if (model.Serving is { } serving)
        {
            json.WriteString("predictor", PredictorOf(model, serving));
            WriteServing(json, serving);
            WriteMemory(json, model, serving.Device);
        }
    }

    private static string PredictorOf(ModelProfile model, ServingProfile serving) =>
        $"{EngineOf(model)} on {serving.Device}, batching {serving.Batching}";

    private static string EngineOf(ModelProfile model) => model switch
    {
        { FunctionName: FunctionNames.SparseTokenize } => "tokenizer",
        { ModelFormat: Onnx } => "ONNX",
        _ => "TorchScript",
    };

    // OpenSearch's estimate by the size of the archive.
    private static void WriteMemory(Utf8JsonWriter json, ModelProfile model, string device) => json.WriteNumber(
        device == "cpu" ? "memory_size_estimation_cpu" : "memory_size_estimation_gpu",
        (long)(model.SizeBytes * (model.ModelFormat == Onnx ? 1.5 : 1.2)));

    private static void WriteServing(Utf8JsonWriter json, ServingProfile serving)
    {
        json.WriteString("device", serving.Device);
        json.WriteString("batching", serving.Batching);
        json.WriteNumber("workers", serving.Workers);
        json.WriteNumber("queued_tokens", serving.QueuedTokens);
        json.WriteNumber("documents", serving.Documents);
        json.WriteNumber("forwards", serving.Forwards);
        json.WriteNumber("padding_share", serving.PaddingShare);
        json.WriteNumber("requests", serving.Requests);
        json.WriteNumber("failed_requests", serving.FailedRequests);
        Write(json, "model_inference_stats", serving.Latencies.Forward);
        Write(json, "serving_stats", serving.Latencies.Request);
        Write(json, "tokenize_stats", serving.Latencies.Tokenize);
        Write(json, "queue_stats", serving.Latencies.Queue);
    }

    private static void Write(Utf8JsonWriter json, string name, LatencySummary summary)
    {
        if (summary.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("count", summary.Count);
        json.WriteNumber("max", summary.Max);
        json.WriteNumber("min", summary.Min);
        json.WriteNumber("average", summary.Average);
        json.WriteNumber("p50", summary.P50);
        json.WriteNumber("p90", summary.P90);
        json.WriteNumber("p99", summary.P99);
        json.WriteEndObject();
    }

    private static ModelStatus StatusOf(ModelStage stage) => stage switch
    {
        ModelStage.Serving => ModelStatus.Deployed,
        ModelStage.Draining => ModelStatus.Undeployed,
        ModelStage.Failed => ModelStatus.DeployFailed,
        _ => ModelStatus.Deploying,
    };

    private static string NameOf(ModelStage stage) => stage switch
    {
        ModelStage.Queued => "queued",
        ModelStage.Fetching => "fetching",
        ModelStage.Verifying => "verifying",
        ModelStage.Rehearsing => "rehearsing",
        ModelStage.Loading => "loading",
        ModelStage.Warming => "warming",
        ModelStage.Serving => "serving",
        ModelStage.Draining => "draining",
        ModelStage.Failed => "failed",
        _ => "unknown",
    };
}
