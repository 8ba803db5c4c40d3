using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace MlCluster.Inference.Tokenization.Normalization;

/// <summary>
/// SentencePiece's compiled table of replacements: a double-array trie over UTF-8 and the texts behind it.
/// </summary>
internal sealed class CharsMap
{
    /// <summary>No replacement.</summary>
    public const int None = -1;

    private readonly uint[] _units;
    private readonly byte[] _texts;

    /// <summary>Reads the table: the trie's size in bytes, the trie, the texts, each ended by a zero.</summary>
    /// <exception cref="ModelFormatException">The table is broken.</exception>
    public CharsMap(ReadOnlySpan<byte> table)
    {
        const int header = sizeof(uint);
        Refuse.Unless(table.Length >= header, $"the charsmap has {table.Length} bytes");
        var size = BinaryPrimitives.ReadUInt32LittleEndian(table);
        Refuse.Unless(
            size > 0 && size % header == 0 && size <= table.Length - header,
            $"the charsmap speaks of a trie of {size} bytes in {table.Length}");
        _units = new uint[size / header];
        for (var i = 0; i < _units.Length; i++)
        {
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(header * (i + 1))..]);
        }

        _texts = table[(header + (int)size)..].ToArray();
        Refuse.Unless(Utf8.IsValid(_texts), $"the charsmap's texts are not UTF-8");
    }

    /// <summary>Finds the replacement of the shortest beginning of some UTF-8 text that has one.</summary>
    /// <exception cref="InferenceException">The table points out of itself.</exception>
    public int Find(ReadOnlySpan<byte> key)
    {
        var node = OffsetOf(_units[0]);
        foreach (var value in key)
        {
            if (value == 0)
            {
                return None;
            }

            node ^= value;
            var unit = UnitAt(node);
            if (LabelOf(unit) != value)
            {
                return None;
            }

            node ^= OffsetOf(unit);
            if (HasLeaf(unit))
            {
                return (int)(UnitAt(node) & 0x7FFFFFFF);
            }
        }

        return None;
    }

    /// <summary>Appends a replacement that was found.</summary>
    /// <exception cref="InferenceException">The table points out of itself.</exception>
    public void Append(int replacement, CharBuffer output)
    {
        if (replacement > _texts.Length)
        {
            throw Broken();
        }

        var text = _texts.AsSpan(replacement);
        var end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var width);
            output.Append(rune);
            text = text[width..];
        }
    }

    private uint UnitAt(int place) => (uint)place < _units.Length ? _units[place] : throw Broken();

    private static InferenceException Broken() => new("the tokenizer's charsmap is broken: it points out of itself");

    // Bits of a unit: 0..7 label, 8 has a leaf, 9 offset is shifted, 10..30 offset, 31 is a leaf itself.
    private static bool HasLeaf(uint unit) => (unit & 0x100) != 0;

    private static uint LabelOf(uint unit) => unit & 0x800000FF;

    private static int OffsetOf(uint unit) => (int)((unit >> 10) << (int)((unit & 0x200) >> 6));
}
