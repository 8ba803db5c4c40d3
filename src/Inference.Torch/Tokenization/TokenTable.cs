using System.Text;
using MlCluster.Inference.Tokenization.PreTokenization;

namespace MlCluster.Inference.Tokenization;

/// <summary>What tokens are written as, by their ids.</summary>
internal sealed class TokenTable
{
    private readonly string?[] _tokens;
    private readonly string?[]? _words;

    /// <param name="tokens">As the vocabulary spells them, by id; null where an id has no token.</param>
    /// <param name="special">Ids of control tokens.</param>
    /// <param name="decoder">How the reference turns a token into text; null: nobody asks for that.</param>
    public TokenTable(string?[] tokens, IReadOnlySet<int> special, TokenDecoder? decoder)
    {
        _tokens = tokens;
        _words = decoder is { } known
            ? [.. tokens.Select((token, id) => token is null || special.Contains(id) ? null : Decode(token, known))]
            : null;
    }

    /// <summary>Ids that have a token.</summary>
    public int Count => _tokens.Length;

    /// <summary>A token as the vocabulary spells it; empty where the id has none.</summary>
    public string TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] ?? "" : "";

    /// <summary>The text that a token alone decodes to; empty for control tokens and ids without one.</summary>
    /// <exception cref="InvalidOperationException">The table was read without words.</exception>
    public string WordOf(int id) => _words is null ? throw new InvalidOperationException("read without words")
        : (uint)id < (uint)_words.Length ? _words[id] ?? "" : "";

    private static string Decode(string token, TokenDecoder decoder) => decoder switch
    {
        TokenDecoder.ByteLevel => DecodeBytes(token),
        // The reference takes the mark away from the first token of a text, and here each is the first.
        TokenDecoder.Metaspace => token.Replace("▁", "", StringComparison.Ordinal),
        TokenDecoder.MetaspaceKept => token.Replace('▁', ' '),
        _ => token,
    };

    private static string DecodeBytes(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            var value = Array.IndexOf(ByteLevelPreTokenizer.Alphabet, token[i]);
            if (value < 0)
            {
                // An added token: it is written as it is.
                return token;
            }

            bytes[i] = (byte)value;
        }

        return Encoding.UTF8.GetString(bytes);
    }
}

/// <summary>Which texts of tokens are kept beside what encoding needs.</summary>
public enum TokenTexts
{
    /// <summary>None.</summary>
    None,

    /// <summary>As the vocabulary spells them.</summary>
    Spelled,

    /// <summary>These, and what each decodes to: the decoder must be one that is known.</summary>
    Decoded,
}

/// <summary>How a single token becomes text.</summary>
internal enum TokenDecoder
{
    /// <summary>It is its text; a WordPiece that continues a word keeps its prefix.</summary>
    AsItIs,

    /// <summary>Its characters stand for UTF-8 bytes.</summary>
    ByteLevel,

    /// <summary>Its mark of a word's start is left out.</summary>
    Metaspace,

    /// <summary>Its mark of a word's start becomes a space.</summary>
    MetaspaceKept,
}
