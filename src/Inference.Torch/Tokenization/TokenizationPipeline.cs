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

    /// <summary>True when a pattern may take a text, however short, up to its deadline.</summary>
    public bool MayBacktrack => normalizer is { MayBacktrack: true } || preTokenizer is { MayBacktrack: true };

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
        workspace.Places?.Begin(wellFormed);
        var parts = new AddedTokenSplitter(addedTokens.Raw, wellFormed);
        while (workspace.Ids.Count < enough && parts.MoveNext())
        {
            if (parts.TokenId is { } id)
            {
                workspace.Add(id, parts.Start, parts.End - 1, wellFormed[parts.Start..parts.End]);
            }
            else
            {
                RunNormalized(wellFormed[parts.Start..parts.End], parts.Start, workspace, enough);
            }
        }
    }

    private void RunNormalized(ReadOnlySpan<char> text, int start, Workspace workspace, int enough)
    {
        var normalized = workspace.Normalized;
        Normalize(text, start, normalized);
        var parts = new AddedTokenSplitter(addedTokens.Normalized, normalized.Span);
        while (workspace.Ids.Count < enough && parts.MoveNext())
        {
            var range = parts.Start..parts.End;
            if (parts.TokenId is { } id)
            {
                var (first, last) = (normalized.SourceOf(parts.Start), normalized.SourceOf(parts.End - 1));
                workspace.Add(id, first, last, normalized.Span[range]);
            }
            else
            {
                workspace.Words.Begin(
                    normalized.Span[range],
                    startsInput: start + parts.Start == 0,
                    normalized.Traces ? normalized.Sources[range] : []);
                RunWords(workspace, enough);
            }
        }
    }

    private void Normalize(ReadOnlySpan<char> text, int start, CharBuffer output)
    {
        output.Clear();
        if (normalizer is null)
        {
            output.AppendCopy(text, 0);
        }
        else
        {
            normalizer.Normalize(text, output);
        }

        foreach (ref var source in output.Sources)
        {
            source += start;
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
                var text = words.Chars.Span.Slice(word.Start, word.Length);
                model.Encode(text, workspace.Ids, workspace.Places?.Parts);
                workspace.Places?.EndWord(text, words.Chars.Sources.Slice(word.Start, word.Length));
                workspace.EndWord();
            }
        }
    }
}
