using System.Text.Json;
using MlCluster.Inference.Tokenization.AddedTokens;
using MlCluster.Inference.Tokenization.PostProcessing;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>A tokenizer.json read in full.</summary>
internal sealed record TokenizerParts(
    TokenizationPipeline Pipeline, Template Template, Truncation? Truncation, Padding? Padding, int VocabularySize)
{
    /// <summary>Texts of tokens; null unless they were asked for.</summary>
    public TokenTable? Tokens { get; init; }
}

/// <summary>Reads a whole tokenizer.json; what it does not know it refuses by name, never skips.</summary>
internal static class TokenizerReader
{
    private const string Version = "1.0";

    /// <param name="texts">Which texts of tokens are wanted too.</param>
    /// <exception cref="ModelFormatException">The file cannot be served exactly; the message says why.</exception>
    public static TokenizerParts Read(ReadOnlyMemory<byte> json, TokenTexts texts = TokenTexts.None)
    {
        try
        {
            // Not a JsonDocument: it would leave its megabytes in the array pool of the thread that happens to load.
            var root = JsonElement.Parse(json.Span, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(new JsonPart(root, Path: string.Empty), texts);
        }
        catch (JsonException e)
        {
            throw Refuse.Because($"not JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // System.Text.Json's answer to a string that holds half a surrogate pair.
            throw Refuse.Because($"a string is not valid Unicode: {e.Message}", e);
        }
    }

    private static TokenizerParts Read(JsonPart document, TokenTexts texts)
    {
        if (document.TryGet("version", out var version))
        {
            Refuse.Unless(version.AsString() == Version, $"version is '{version.AsString()}', not '{Version}'");
        }

        var normalizer = document.Optional("normalizer", NormalizerReader.Read);
        var preTokenizer = document.Optional("pre_tokenizer", PreTokenizerReader.Read);
        Refuse.Unless(
            normalizer is not { MayDropStart: true } || preTokenizer is not { LooksAtStart: true },
            $"pre_tokenizer has the prepend_scheme 'first' behind a normalizer that may drop the start of a text");
        var template = document.Optional("post_processor", PostProcessorReader.Read) ?? Template.Plain;
        var truncation = document.Optional("truncation", part => LengthReader.ReadTruncation(part, template));
        var padding = document.Optional("padding", LengthReader.ReadPadding);
        var model = ModelReader.Read(document.Required("model"));
        var tokens = AddedTokenReader.Read(document);
        var added = new AddedVocabulary(tokens, model, normalizer);
        var pipeline = new TokenizationPipeline(added, normalizer, preTokenizer, model);
        return new TokenizerParts(pipeline, template, truncation, padding, model.VocabularySize)
        {
            Tokens = texts == TokenTexts.None ? null : TokenTableReader.Read(document, tokens, added, texts),
        };
    }
}
