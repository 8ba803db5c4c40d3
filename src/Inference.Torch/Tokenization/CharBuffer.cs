using System.Text;

namespace MlCluster.Inference.Tokenization;

/// <summary>Text under construction, with the place that each unit comes from where that is traced.</summary>
internal sealed class CharBuffer
{
    // A hostile Replace can grow text without end; no honest normalizer makes a megabyte thirty times longer.
    private const int MaxLength = 32 << 20;

    private char[] _chars = new char[512];
    private int[] _sources = [];

    /// <summary>Characters written since the last <see cref="Clear"/>.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<char> Span => _chars.AsSpan(0, Length);

    /// <summary>Set while empty: sources are kept.</summary>
    public bool Traces { get; set; }

    /// <summary>Until when the text is worked on.</summary>
    public TextDeadline Deadline { get; set; } = TextDeadline.None;

    /// <summary>The place, in the text being read, that what is appended next stands for.</summary>
    public int Source { get; set; }

    /// <summary>Where each unit comes from; none unless <see cref="Traces"/>.</summary>
    public Span<int> Sources => Traces ? _sources.AsSpan(0, Length) : [];

    /// <summary>Where a unit comes from; -1 where that is not traced.</summary>
    public int SourceOf(int unit) => Traces ? _sources[unit] : -1;

    public void Clear() => (Length, Source) = (0, 0);

    /// <summary>Takes back what was written after a length.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Empties the buffer and gives memory back where it holds more than some characters.</summary>
    public void Trim(int keep)
    {
        Clear();
        if (_chars.Length > keep)
        {
            (_chars, _sources) = (new char[keep], []);
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
        Trace(Length - 1);
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
        Trace(Length - text.Length);
    }

    /// <summary>Appends text unchanged: its units come from a place and those after it.</summary>
    /// <inheritdoc cref="Append(char)"/>
    public void AppendCopy(ReadOnlySpan<char> text, int source)
    {
        Append(text);
        if (Traces)
        {
            var copied = Sources[^text.Length..];
            for (var i = 0; i < copied.Length; i++)
            {
                copied[i] = source + i;
            }
        }
    }

    /// <summary>Takes sources from a place on for places in another text, and puts that text's own instead.</summary>
    public void Follow(int from, ReadOnlySpan<int> others)
    {
        if (Traces)
        {
            foreach (ref var source in Sources[from..])
            {
                source = others[source];
            }
        }
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

    private void Trace(int from)
    {
        if (!Traces)
        {
            return;
        }

        if (_sources.Length < Length)
        {
            Array.Resize(ref _sources, _chars.Length);
        }

        Sources[from..].Fill(Source);
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
