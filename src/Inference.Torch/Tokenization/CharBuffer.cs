using System.Text;

namespace MlCluster.Inference.Tokenization;

/// <summary>Text under construction.</summary>
internal sealed class CharBuffer
{
    // A hostile Replace can grow text without end; no honest normalizer makes a megabyte thirty times longer.
    private const int MaxLength = 32 << 20;

    private char[] _chars = new char[512];

    /// <summary>Characters written since the last <see cref="Clear"/>.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<char> Span => _chars.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Takes back what was written after a length.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Empties the buffer and gives memory back where it holds more than some characters.</summary>
    public void Trim(int keep)
    {
        Clear();
        if (_chars.Length > keep)
        {
            _chars = new char[keep];
        }
    }

    /// <summary>Appends one UTF-16 unit.</summary>
    /// <exception cref="InferenceException">The text grew past what any honest tokenizer needs.</exception>
    public void Append(char unit)
    {
        if (Length == _chars.Length)
        {
            Grow(1);
        }

        _chars[Length++] = unit;
    }

    /// <inheritdoc cref="Append(char)"/>
    public void Append(ReadOnlySpan<char> text)
    {
        if (text.Length > _chars.Length - Length)
        {
            Grow(text.Length);
        }

        text.CopyTo(_chars.AsSpan(Length));
        Length += text.Length;
    }

    /// <inheritdoc cref="Append(char)"/>
    public void Append(Rune rune)
    {
        if (rune.IsBmp)
        {
            Append((char)rune.Value);
            return;
        }

        Span<char> pair = stackalloc char[2];
        rune.EncodeToUtf16(pair);
        Append(pair);
    }

    private void Grow(int extra)
    {
        var needed = (long)Length + extra;
        if (needed > MaxLength)
        {
            throw new InferenceException($"the tokenizer's normalizer makes a text longer than {MaxLength} characters");
        }

        Array.Resize(ref _chars, (int)Math.Max(needed, _chars.Length * 2L));
    }
}
