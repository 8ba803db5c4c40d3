using System.Text;
using MlCluster.Messages.Routing;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>Cuts a request into groups of documents that travel and wait on their own.</summary>
/// <remarks>Bounded groups let other requests in between, and keep messages small
/// where they leave the process.</remarks>
internal static class RequestSplitter
{
    // Embedding vocabularies give about one token for four bytes of UTF-8, and two special tokens a document.
    private const int BytesPerToken = 4;
    private const int SpecialTokens = 2;
    private const int TensorFrameBytes = 128;
    private const int DefaultMaxTokens = 512;

    // Until the model's own word has come: a document's outputs rarely take more.
    private const long UnknownOutputBytes = 256 * 1024;

    /// <summary>Cuts; every document is in exactly one group, in order, and a group holds at least one.</summary>
    /// <param name="model">What the model's nodes say of it; null when nothing is known yet.</param>
    /// <param name="maxMessageBytes">Null: messages stay in the process, their size does not matter.</param>
    public static List<TextGroup> Split(PredictBody body, ServedModel? model, int maxGroupTokens, long? maxMessageBytes)
    {
        var groups = new List<TextGroup>();

        // Every group carries the query.
        var queryBytes = Encoding.UTF8.GetByteCount(body.Query ?? "");
        var group = new TextGroup(0, 0, 0) { TextBytes = queryBytes };
        long answerBytes = 0;
        for (var i = 0; i < body.Texts.Count; i++)
        {
            var cost = CostOf(body, body.Texts[i], queryBytes, model);
            var full = group.Tokens + cost.Tokens > maxGroupTokens
                || group.TextBytes + cost.TextBytes > maxMessageBytes
                || answerBytes + cost.AnswerBytes > maxMessageBytes;
            if (full && group.Count > 0)
            {
                groups.Add(group);
                group = new TextGroup(i, 0, 0) { TextBytes = queryBytes };
                answerBytes = 0;
            }

            group = group with
            {
                Count = group.Count + 1,
                Tokens = group.Tokens + cost.Tokens,
                TextBytes = group.TextBytes + cost.TextBytes,
            };
            answerBytes += cost.AnswerBytes;
        }

        groups.Add(group);
        return groups;
    }

    private static (long Tokens, long TextBytes, long AnswerBytes) CostOf(
        PredictBody body, string text, int queryBytes, ServedModel? model)
    {
        var maxTokens = model is { MaxTokens: > 0 } ? model.MaxTokens : DefaultMaxTokens;
        var bytes = Encoding.UTF8.GetByteCount(text);
        var tokens = Math.Min(maxTokens, ((bytes + queryBytes) / BytesPerToken) + SpecialTokens);
        // No token is shorter than one byte: an answer never turns out larger than this.
        var mostTokens = Math.Min(maxTokens, bytes + queryBytes + SpecialTokens);
        return (tokens, bytes, AnswerBytes(body, model, mostTokens));
    }

    private static long AnswerBytes(PredictBody body, ServedModel? model, int tokens)
    {
        if (model is null)
        {
            return body.IncludeData ? UnknownOutputBytes : TensorFrameBytes;
        }

        long total = 0;
        for (var i = 0; i < model.Outputs.Count; i++)
        {
            if (body.Keeps(model.Outputs[i], i))
            {
                total += TensorFrameBytes + (body.IncludeData ? DataBytes(model.Outputs[i], tokens) : 0);
            }
        }

        return total;
    }

    private static long DataBytes(ServedOutput output, int tokens) =>
        output.Kind == TensorKind.PerToken ? output.BytesPerUnit * tokens : output.BytesPerUnit;
}

/// <summary>A run of documents.</summary>
/// <param name="Start">Index of the first one.</param>
/// <param name="Count">How many.</param>
/// <param name="Tokens">Their tokens, estimated.</param>
internal sealed record TextGroup(int Start, int Count, long Tokens)
{
    /// <summary>Their bytes of UTF-8, the query's among them; after a division, an upper bound.</summary>
    public long TextBytes { get; init; }

    /// <summary>The same documents as two groups; there must be more than one.</summary>
    public (TextGroup First, TextGroup Second) Halves()
    {
        var (count, tokens) = (Count / 2, Tokens / 2);
        return (
            this with { Count = count, Tokens = tokens },
            this with { Start = Start + count, Count = Count - count, Tokens = Tokens - tokens });
    }
}
