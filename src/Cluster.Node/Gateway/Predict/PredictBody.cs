using MlCluster.Messages.Routing;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>What a prediction's body asks for (contract 5.1).</summary>
/// <param name="Texts">Documents; one result each, in order.</param>
/// <param name="ReturnNumber">Answer numbers.</param>
/// <param name="ReturnBytes">Answer packed bytes.</param>
/// <param name="TargetResponse">Outputs wanted by name; null: no filter by name.</param>
/// <param name="TargetPositions">Outputs wanted by position; null: no filter by position.</param>
internal sealed record PredictBody(
    IReadOnlyList<string> Texts,
    bool ReturnNumber = true,
    bool ReturnBytes = false,
    IReadOnlyList<string>? TargetResponse = null,
    IReadOnlyList<int>? TargetPositions = null)
{
    /// <summary>False: shapes and types alone are asked of the model's node.</summary>
    public bool IncludeData => ReturnNumber || ReturnBytes;

    /// <summary>Tells whether an output is wanted.</summary>
    public bool Keeps(ServedOutput output, int position) =>
        (TargetResponse is null && TargetPositions is null)
        || (output.Name is not null && TargetResponse?.Contains(output.Name, StringComparer.Ordinal) == true)
        || TargetPositions?.Contains(position) == true;

    /// <summary>Reads a body.</summary>
    /// <exception cref="ApiException">400: it cannot be read, or has no documents.</exception>
    public static PredictBody Parse(ReadOnlySpan<byte> body)
    {
        var json = new JsonPull(body);
        var texts = new List<string>();
        var flat = new ResultFilter();
        ResultFilter? filter = null;
        json.BeginObject();
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "text_docs":
                    texts = json.Texts();
                    break;
                case "result_filter":
                    filter = ResultFilter.Parse(ref json);
                    break;
                case "parameters":
                    RefuseContentType(ref json);
                    break;
                default:
                    flat = flat.Read(name, ref json);
                    break;
            }
        }

        return texts.Count > 0
            ? (filter ?? flat).Apply(texts)
            : throw ApiError.IllegalArgument("Empty text docs: text_docs must hold at least one text").ToException();
    }

    // Prefixes are refused at registration, so no model can be asymmetric.
    private static void RefuseContentType(ref JsonPull json)
    {
        json.BeginObject();
        while (json.NextField(out var name))
        {
            if (name == "content_type")
            {
                throw ApiError.IllegalArgument(
                    "When passing AsymmetricTextEmbeddingParameters, the model requires to be registered with at least "
                    + "one of `query_prefix` or `passage_prefix`.").ToException();
            }

            json.Skip();
        }
    }

    private sealed record ResultFilter(
        bool ReturnNumber = true, bool ReturnBytes = false, List<string>? Names = null, List<int>? Positions = null)
    {
        public static ResultFilter Parse(ref JsonPull json)
        {
            var filter = new ResultFilter();
            json.BeginObject();
            while (json.NextField(out var name))
            {
                filter = filter.Read(name, ref json);
            }

            return filter;
        }

        public ResultFilter Read(string name, ref JsonPull json)
        {
            switch (name)
            {
                case "return_number":
                    return this with { ReturnNumber = json.Boolean() };
                case "return_bytes":
                    return this with { ReturnBytes = json.Boolean() };
                case "target_response":
                    return this with { Names = json.Texts() };
                case "target_response_positions":
                    return this with { Positions = json.Integers() };
                default:
                    json.Skip();
                    return this;
            }
        }

        // An empty list filters nothing.
        public PredictBody Apply(List<string> texts) => new(
            texts, ReturnNumber, ReturnBytes,
                Names is { Count: > 0 } ? Names : null, Positions is { Count: > 0 } ? Positions : null);
    }
}
