using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MlCluster.Node.Gateway.Json;

/// <summary>Decodes strings of a JSON reader, also those that the platform's own decoder throws at.</summary>
/// <remarks>
/// A lone surrogate (<c>"\ud800"</c>) is legal JSON and legal in Java's strings; no tokenizer can use it, so it
/// becomes U+FFFD. Bytes that are not UTF-8 are refused.
/// </remarks>
internal static class JsonStrings
{
    private const char Replacement = '\uFFFD';
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The text of a string or name token.</summary>
    /// <exception cref="DecoderFallbackException">The bytes are not UTF-8.</exception>
    public static string Decode(ref readonly Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Unescape(reader.ValueSpan) : Strict.GetString(reader.ValueSpan);

    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        // No escape is shorter than what it stands for.
        var chars = ArrayPool<char>.Shared.Rent(escaped.Length);
        try
        {
            var count = Unescape(escaped, chars);
            ReplaceLoneSurrogates(chars.AsSpan(0, count));
            return new string(chars, 0, count);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private static int Unescape(ReadOnlySpan<byte> escaped, Span<char> chars)
    {
        var count = 0;
        while (!escaped.IsEmpty)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain != 0)
            {
                var run = plain < 0 ? escaped : escaped[..plain];
                count += Strict.GetChars(run, chars[count..]);
                escaped = escaped[run.Length..];
                continue;
            }

            chars[count++] = One(escaped, out var length);
            escaped = escaped[length..];
        }

        return count;
    }

    private static char One(ReadOnlySpan<byte> escape, out int length)
    {
        length = escape[1] == 'u' ? 6 : 2;
        return (char)escape[1] switch
        {
            'u' => (char)int.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\b',
            'f' => '\f',
            var itself => itself,
        };
    }

    private static void ReplaceLoneSurrogates(Span<char> chars)
    {
        for (var i = 0; i < chars.Length; i++)
        {
            if (!char.IsSurrogate(chars[i]))
            {
                continue;
            }

            if (i + 1 < chars.Length && char.IsSurrogatePair(chars[i], chars[i + 1]))
            {
                i++;
            }
            else
            {
                chars[i] = Replacement;
            }
        }
    }
}
