using System.Text;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization.Models;

/// <summary>Tells which part of a word each of its tokens stands for.</summary>
/// <remarks>From the tokens' own lengths, so that merging, where the time goes, need not carry any.</remarks>
internal sealed class BpeMeasure(
    Dictionary<string, int> vocabulary, BpeOptions options, int? unknownId, ByteTokens? bytes)
{
    private readonly Dictionary<int, int> _lengths =
        vocabulary.ToDictionary(static e => e.Value, static e => e.Key.Length);

    /// <summary>Appends the part of each token of a word.</summary>
    public void AppendParts(ReadOnlySpan<char> word, ReadOnlySpan<int> ids, List<Part> parts)
    {
        var (start, bytesLeft) = (0, 0);
        foreach (var id in ids)
        {
            var end = start + LengthOf(id, word, start);
            var isByte = bytes?.Contains(id) == true;
            if (isByte && bytesLeft == 0)
            {
                Rune.DecodeFromUtf16(word[start..], out var rune, out _);
                bytesLeft = rune.Utf8SequenceLength;
            }

            parts.Add(new Part(start, end));

            // All bytes of a character stand for the whole of it.
            bytesLeft = isByte ? bytesLeft - 1 : 0;
            start = bytesLeft > 0 ? start : end;
        }
    }

    private int LengthOf(int id, ReadOnlySpan<char> word, int start)
    {
        if (start == word.Length)
        {
            return 0;
        }

        if (id == unknownId)
        {
            return LengthOfUnknown(word[start..]);
        }

        if (bytes?.Contains(id) == true)
        {
            return CharacterWidth.At(word, start);
        }

        var length = _lengths[id] - (start > 0 ? options.Prefix.Length : 0);
        return Math.Clamp(length, 0, word.Length - start);
    }

    // One character, or as many as fused.
    private int LengthOfUnknown(ReadOnlySpan<char> rest)
    {
        var length = CharacterWidth.At(rest, 0);
        while (options.FuseUnknown && length < rest.Length && IsUnknown(rest, length))
        {
            length += CharacterWidth.At(rest, length);
        }

        return length;
    }

    private bool IsUnknown(ReadOnlySpan<char> rest, int at)
    {
        var width = CharacterWidth.At(rest, at);
        var suffix = at + width == rest.Length ? options.Suffix : "";
        return !vocabulary.ContainsKey(string.Concat(options.Prefix, rest.Slice(at, width), suffix));
    }
}
