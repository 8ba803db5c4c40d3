using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>The fields of a prediction's body, of whatever function (contract 5.1).</summary>
internal sealed record PredictFields
{
    private static readonly (string Name, DocumentRole Value)[] Roles =
        [("QUERY", DocumentRole.Query), ("PASSAGE", DocumentRole.Passage)];

    private static readonly (string Name, TokenFormat Value)[] Formats =
        [("WORD", TokenFormat.Word), ("TOKEN_ID", TokenFormat.TokenId)];

    public IReadOnlyList<string> Texts { get; init; } = [];
    public string? QueryText { get; init; }
    public string? Question { get; init; }
    public string? Context { get; init; }
    public DocumentRole? Role { get; init; }
    public TokenFormat Format { get; init; }
    public ResultFilter Filter { get; init; } = new();

    /// <summary>True when nothing in the body is of a function that holds texts against something.</summary>
    public bool AreTextsAlone => QueryText is null && Question is null && Context is null;

    /// <summary>Reads a body; unknown fields are passed over.</summary>
    /// <exception cref="ApiException">400: it cannot be read.</exception>
    public static PredictFields Parse(ReadOnlySpan<byte> body)
    {
        var json = new JsonPull(body);
        var fields = new PredictFields();
        var flat = new ResultFilter();
        ResultFilter? nested = null;
        json.BeginObject();
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "text_docs":
                    fields = fields with { Texts = json.Texts() };
                    break;
                case "query_text":
                    fields = fields with { QueryText = json.Text() };
                    break;
                case "question":
                    fields = fields with { Question = json.Text() };
                    break;
                case "context":
                    fields = fields with { Context = json.Text() };
                    break;
                case "parameters":
                    fields = fields.ReadParameters(ref json);
                    break;
                case "result_filter":
                    nested = ResultFilter.Parse(ref json);
                    break;
                default:
                    flat = flat.Read(name, ref json);
                    break;
            }
        }

        return fields with { Filter = nested ?? flat };
    }

    /// <summary>What the body asks of a function.</summary>
    /// <exception cref="ApiException">400: the function needs a field that is not there.</exception>
    public PredictBody For(string function) => function switch
    {
        FunctionNames.TextSimilarity => ForSimilarity(),
        FunctionNames.QuestionAnswering => ForQuestion(),
        _ => Filter.Apply(RequireTexts("Empty text docs: text_docs must hold at least one text")) with
        {
            Role = Role, Format = Format,
        },
    };

    // The filter is not read: the whole score is the answer, bytes and all.
    private PredictBody ForSimilarity()
    {
        var texts = RequireTexts("No text documents were provided: text_docs must hold at least one text");
        return new PredictBody(texts, ReturnBytes: true)
        {
            Query = QueryText ?? throw Missing("No query text was provided: query_text is missing"),
        };
    }

    private PredictBody ForQuestion()
    {
        var question = Question ?? throw Missing("Question is not provided");
        return new PredictBody([Context ?? throw Missing("Context is not provided")]) { Query = question };
    }

    private IReadOnlyList<string> RequireTexts(string otherwise) => Texts.Count > 0 ? Texts : throw Missing(otherwise);

    private static ApiException Missing(string reason) => ApiError.IllegalArgument(reason).ToException();

    private PredictFields ReadParameters(ref JsonPull json)
    {
        var fields = this;
        json.BeginObject();
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "content_type":
                    fields = fields with { Role = Choose(name, json.Text(), Roles) };
                    break;
                case "sparse_embedding_format":
                    fields = fields with { Format = Choose(name, json.Text(), Formats) };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return fields;
    }

    private static T Choose<T>(string field, string text, (string Name, T Value)[] choices)
    {
        foreach (var (name, value) in choices)
        {
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw ApiError.IllegalArgument($"Wrong {field}: [{text}]; it can be {choices[0].Name} or {choices[1].Name}")
            .ToException();
    }
}
