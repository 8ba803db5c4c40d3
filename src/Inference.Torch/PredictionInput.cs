namespace MlCluster.Inference;

/// <summary>What a call brings: its documents and what they are asked.</summary>
/// <param name="Texts">Documents; the one context of a question answering call.</param>
public sealed record PredictionInput(IReadOnlyList<string> Texts)
{
    /// <summary>The query or question that every document is held against; null: none.</summary>
    public string? Query { get; init; }

    /// <summary>What the texts are to an asymmetric model; null: not said.</summary>
    public TextRole? Role { get; init; }

    /// <summary>How tokens are named in sparse answers.</summary>
    public SparseFormat Format { get; init; }

    /// <summary>A call that every model of such a registration can answer: the whole path works.</summary>
    public static PredictionInput WarmUp(FunctionConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var asks = config.Function is FunctionKind.TextSimilarity or FunctionKind.QuestionAnswering
            or FunctionKind.SentenceHighlighting;
        return new PredictionInput(["The weather is nice, it is a beautiful day. The sun is shining."])
        {
            Query = asks ? "How is the weather?" : null,
            Role = config.IsAsymmetric ? TextRole.Passage : null,
        };
    }
}

/// <summary>What a text is to an asymmetric model; the numbers are part of the wire format.</summary>
public enum TextRole
{
    /// <summary>Something that is looked for.</summary>
    Query = 1,

    /// <summary>Something that may be found.</summary>
    Passage = 2,
}

/// <summary>How tokens are named in sparse answers; the numbers are part of the wire format.</summary>
public enum SparseFormat
{
    /// <summary>By their texts.</summary>
    Word = 0,

    /// <summary>By their ids.</summary>
    TokenId = 1,
}
