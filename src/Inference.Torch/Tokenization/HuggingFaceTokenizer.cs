using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using MlCluster.Inference.Tokenization.Json;
using MlCluster.Inference.Tokenization.PostProcessing;

namespace MlCluster.Inference.Tokenization;

/// <summary>A Hugging Face <c>tokenizer.json</c>: the same ids as the reference library, release 0.22.</summary>
/// <remarks>Immutable and lock-free after the load; any number of threads may share one.</remarks>
public sealed class HuggingFaceTokenizer
{
    /// <summary>Longest text of an inference where neither tokenizer.json nor the model's config says less.</summary>
    public const int DefaultMaxLength = 512;

    /// <summary>Largest tokenizer.json that is read; those of multilingual models have 17 MB.</summary>
    public const int MaxFileBytes = 64 << 20;

    private readonly TokenizationPipeline _pipeline;
    private readonly Template _template;
    private readonly Truncation? _truncation;
    private readonly Padding? _padding;
    private readonly int[] _prefix;
    private readonly int[] _suffix;

    private HuggingFaceTokenizer(TokenizerParts parts)
    {
        (_pipeline, _template, _truncation, _padding, _) = parts;
        Tokens = parts.Tokens;
        _prefix = SpecialsOf(_template.Single.TakeWhile(static p => p.SpecialIds is not null));
        _suffix = SpecialsOf(_template.Single.SkipWhile(static p => p.SpecialIds is not null));
    }

    /// <summary>The id that fills up batches: tokenizer.json's, else 0.</summary>
    public int PadId => _padding?.PadId ?? 0;

    /// <summary>The segment that fills up batches: tokenizer.json's, else 0.</summary>
    public int PadTypeId => _padding?.PadTypeId ?? 0;

    /// <summary>Tokens that the post-processor adds to a single text.</summary>
    public int SpecialTokenCount => _template.SingleSpecials;

    /// <summary>Tokens that the post-processor adds to a pair.</summary>
    public int PairSpecialTokenCount => _template.PairSpecials;

    /// <summary>True when a pattern of tokenizer.json may take a text, however short, up to its deadline.</summary>
    internal bool MayBacktrack => _pipeline.MayBacktrack;

    /// <summary>Texts of tokens; null unless they were asked for.</summary>
    internal TokenTable? Tokens { get; }

    /// <summary>Reads a tokenizer.json.</summary>
    /// <param name="texts">Which texts of tokens it keeps; encoding needs none.</param>
    /// <exception cref="ModelFormatException">It cannot be served exactly; the message says why.</exception>
    public static HuggingFaceTokenizer Load(ReadOnlyMemory<byte> json, TokenTexts texts = TokenTexts.None)
    {
        Refuse.Unless(json.Length <= MaxFileBytes, $"{json.Length} bytes are more than {MaxFileBytes}");
        return new HuggingFaceTokenizer(TokenizerReader.Read(json, texts));
    }

    /// <inheritdoc cref="Load(ReadOnlyMemory{byte}, TokenTexts)"/>
    public static HuggingFaceTokenizer Load(Stream json, TokenTexts texts = TokenTexts.None)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var copy = new MemoryStream();
        var block = new byte[81920];
        while (json.Read(block) is var count && count > 0)
        {
            Refuse.Unless(copy.Length + count <= MaxFileBytes, $"more than {MaxFileBytes} bytes");
            copy.Write(block, 0, count);
        }

        return Load(copy.GetBuffer().AsMemory(0, (int)copy.Length), texts);
    }

    /// <summary>Most tokens of a text, or of a pair, in an inference.</summary>
    /// <param name="modelMaxLength">The model's <c>model_max_length</c>; null: 512.</param>
    /// <param name="pair">True: of a pair.</param>
    /// <remarks>
    /// Contract 12.5: truncation is always on, at tokenizer.json's max_length (or its fixed padding length),
    /// but never above what the model's config says.
    /// </remarks>
    /// <exception cref="ModelFormatException">There is no room for a text beside the special tokens.</exception>
    public int InferenceMaxLength(int? modelMaxLength = null, bool pair = false)
    {
        var specials = pair ? PairSpecialTokenCount : SpecialTokenCount;
        var limit = modelMaxLength ?? DefaultMaxLength;
        var length = Math.Min(_truncation?.MaxLength ?? _padding?.FixedLength ?? limit, limit);
        return length > specials
            ? length
            : throw new ModelFormatException(
                $"a max_length of {length} leaves no room beside {specials} special tokens");
    }

    /// <summary>Encodes a text for inference: ids alone, special tokens added, cut to length, not padded.</summary>
    /// <param name="maxLength">Most tokens, special ones included; at least <see cref="SpecialTokenCount"/>.</param>
    /// <exception cref="InferenceException">A pattern of tokenizer.json ran past its deadline on this text.</exception>
    public int[] EncodeIds(string text, int maxLength) => EncodeIds(text, maxLength, TextDeadline.None);

    /// <inheritdoc cref="EncodeIds(string, int)"/>
    /// <exception cref="TokenizerTimeoutException">All of it together took too long.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for the text any more.</exception>
    internal int[] EncodeIds(string text, int maxLength, TextDeadline deadline)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, SpecialTokenCount);
        var budget = maxLength - SpecialTokenCount;
        var cutOff = _truncation?.Direction ?? Side.Right;
        using var workspace = Workspace.Rent(deadline);
        Tokenize(text, budget, cutOff, workspace);
        var tokens = CollectionsMarshal.AsSpan(workspace.Ids);
        var kept = Math.Min(tokens.Length, budget);
        return [.. _prefix, .. cutOff == Side.Left ? tokens[^kept..] : tokens[..kept], .. _suffix];
    }

    /// <summary>A text's own tokens, without special ones, all of them.</summary>
    /// <exception cref="InferenceException">A pattern of tokenizer.json ran past its deadline on this text.</exception>
    /// <exception cref="TokenizerTimeoutException">All of it together took too long.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for the text any more.</exception>
    internal int[] TextIds(string text, TextDeadline deadline)
    {
        using var workspace = Workspace.Rent(deadline);
        Tokenize(text, int.MaxValue, Side.Right, workspace);
        return [.. workspace.Ids];
    }

    /// <summary>Puts two texts' tokens together for inference: the longer one is cut first.</summary>
    /// <remarks>
    /// Contract 12.5: OpenSearch cuts the longest first, whatever strategy tokenizer.json names.
    /// </remarks>
    /// <param name="maxLength">
    /// Most tokens, special ones included; at least <see cref="PairSpecialTokenCount"/>.
    /// </param>
    internal PairTokens EncodePair(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int maxLength)
    {
        var direction = _truncation?.Direction ?? Side.Right;
        var truncation = new Truncation(maxLength, 0, TruncationStrategy.LongestFirst, direction);
        var kept = truncation.Share(first.Length, second.Length, maxLength - PairSpecialTokenCount);
        return PairTokens.Of(
            _template,
            first[truncation.Kept(first.Length, kept.First)],
            second[truncation.Kept(second.Length, kept.Second)]);
    }

    /// <summary>Encodes a pair in overlapping windows over its second text; the first stands whole in each.</summary>
    /// <param name="maxLength">Tokens of a window, special ones included.</param>
    /// <param name="stride">Tokens of the second text that a window shares with the one before.</param>
    /// <exception cref="InferenceException">The first text leaves no room for anything new in a window.</exception>
    internal IReadOnlyList<TokenEncoding> EncodeWindows(
        string text, string pair, int maxLength, int stride, TextDeadline deadline)
    {
        var truncation = new Truncation(maxLength, stride, TruncationStrategy.OnlySecond, Side.Right);
        var encoder = new PairEncoder(_template, truncation, AddSpecialTokens: true);
        var encoding = encoder.Encode(TokenizeAll(text, deadline), TokenizeAll(pair, deadline), withOverflow: true);
        return [encoding with { Overflow = [] }, .. encoding.Overflow];
    }

    /// <summary>Encodes a text or a pair as tokenizer.json says, its truncation and padding included.</summary>
    /// <param name="pair">The second text; null: none.</param>
    /// <param name="addSpecialTokens">False: the texts' own tokens alone.</param>
    /// <param name="withOverflow">True: what truncation cuts off is given too, in chunks.</param>
    /// <exception cref="InferenceException">The texts cannot be cut as tokenizer.json wants it.</exception>
    public TokenEncoding Encode(
        string text, string? pair = null, bool addSpecialTokens = true, bool withOverflow = false)
    {
        var encoding = EncodeUnpadded(new TextPair(text, pair), addSpecialTokens, withOverflow);
        return _padding is null ? encoding : _padding.Apply([encoding])[0];
    }

    /// <summary>Encodes texts or pairs and pads them across the batch as tokenizer.json says.</summary>
    /// <exception cref="InferenceException">A text cannot be cut as tokenizer.json wants it.</exception>
    public IReadOnlyList<TokenEncoding> EncodeBatch(
        IReadOnlyCollection<TextPair> texts, bool addSpecialTokens = true, bool withOverflow = false)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var encodings = texts.Select(t => EncodeUnpadded(t, addSpecialTokens, withOverflow)).ToList();
        return _padding is null || encodings.Count == 0 ? encodings : _padding.Apply(encodings);
    }

    private static int[] SpecialsOf(IEnumerable<TemplatePiece> pieces) =>
        [.. pieces.SelectMany(static p => p.SpecialIds ?? [])];

    private TokenEncoding EncodeUnpadded(TextPair texts, bool addSpecialTokens, bool withOverflow)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var first = TokenizeAll(texts.Text);
        var second = texts.Pair is null ? null : TokenizeAll(texts.Pair);
        return new PairEncoder(_template, _truncation, addSpecialTokens).Encode(first, second, withOverflow);
    }

    private TokenSequence TokenizeAll(string text, TextDeadline? deadline = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var workspace = Workspace.Rent(deadline ?? TextDeadline.None, withPlaces: true);
        Tokenize(text, int.MaxValue, Side.Right, workspace);
        return workspace.ToSequence();
    }

    private void Tokenize(string text, int wanted, Side cutOff, Workspace workspace)
    {
        try
        {
            if (cutOff == Side.Left && _pipeline.EveryWordCounts)
            {
                // A word gives one token at least, so as many words from the end hold all tokens that are wanted.
                // Cutting the other words into tokens would be nearly all of the time that a long text takes.
                workspace.WordsToSkip = Math.Max(0, _pipeline.CountWords(text, workspace) - wanted);
            }

            _pipeline.Run(text, workspace, enough: cutOff == Side.Left ? int.MaxValue : wanted);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new InferenceException($"a pattern of tokenizer.json ran longer than {e.MatchTimeout} on a text", e);
        }
    }
}

/// <summary>One input of a batch.</summary>
/// <param name="Text">The text, or the first of a pair.</param>
/// <param name="Pair">The second text; null: none.</param>
public sealed record TextPair(string Text, string? Pair = null);
