using MlCluster.Inference.Tokenization.AddedTokens;
using MlCluster.Inference.Tokenization.Models;
using MlCluster.Inference.Tokenization.Normalization;
using MlCluster.Inference.Tokenization.PreTokenization;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization;

/// <summary>Text to ids without special tokens: added tokens, normalizer, pre-tokenizer, model; immutable.</summary>
internal sealed class TokenizationPipeline(
    AddedVocabulary addedTokens, INormalizer? normalizer, IPreTokenizer? preTokenizer, ITokenModel model)
{
    /// <summary>True when every word gives a token, so that counting words tells how few tokens there are.</summary>
    public bool EveryWordCounts => !model.MayGiveNothing;

    /// <summary>Counts a text's words, added tokens among them; cheap, as the model has no part in it.</summary>
    public int CountWords(string text, Workspace workspace)
    {
        workspace.WordsToSkip = int.MaxValue;
        Run(text, workspace, enough: int.MaxValue);
        return int.MaxValue - workspace.WordsToSkip;
    }

    /// <summary>Appends a text's tokens to the workspace; stops early once it holds a number of them.</summary>
    /// <remarks>Passes over <see cref="Workspace.WordsToSkip"/> words first.</remarks>
    /// <param name="enough">Tokens after which the rest does not matter; a word may bring some more.</param>
    public void Run(string text, Workspace workspace, int enough)
    {
        var wellFormed = WellFormedText.Of(text, workspace.WellFormed);
        var parts = new AddedTokenSplitter(addedTokens.Raw, wellFormed);
        while (workspace.Ids.Count < enough && parts.MoveNext())
        {
            if (parts.TokenId is { } id)
            {
                workspace.Add(id);
            }
            else
            {
                RunNormalized(wellFormed[parts.Start..parts.End], parts.Start == 0, workspace, enough);
            }
        }
    }

    private void RunNormalized(ReadOnlySpan<char> text, bool startsInput, Workspace workspace, int enough)
    {
        var normalized = workspace.Normalized;
        normalized.Clear();
        if (normalizer is null)
        {
            normalized.Append(text);
        }
        else
        {
            normalizer.Normalize(text, normalized);
        }

        var parts = new AddedTokenSplitter(addedTokens.Normalized, normalized.Span);
        while (workspace.Ids.Count < enough && parts.MoveNext())
        {
            if (parts.TokenId is { } id)
            {
                workspace.Add(id);
            }
            else
            {
                workspace.Words.Begin(
                    normalized.Span[parts.Start..parts.End], startsInput && parts.Start == 0);
                RunWords(workspace, enough);
            }
        }
    }

    private void RunWords(Workspace workspace, int enough)
    {
        var words = workspace.Words;
        preTokenizer?.Apply(words);
        foreach (var word in words.Words)
        {
            if (workspace.Ids.Count >= enough)
            {
                return;
            }

            if (!workspace.SkipsWord())
            {
                model.Encode(words.Chars.Span.Slice(word.Start, word.Length), workspace.Ids);
                workspace.EndWord();
            }
        }
    }
}
