namespace MlCluster.Inference.Tokenization.Models;

/// <summary>Tokens of words seen before; never larger than its slots, and no thread waits for another.</summary>
/// <remarks>
/// A slot is one reference, so a reader sees a whole entry; of two writers at once, one's work is lost.
/// </remarks>
internal sealed class WordCache
{
    /// <summary>Units of the longest word that is kept; longer ones hardly repeat.</summary>
    public const int LongestWord = 32;

    private const int SlotCount = 1 << 13;

    private readonly Entry?[] _slots = new Entry?[SlotCount];

    /// <summary>Appends a word's tokens if they are known.</summary>
    public bool TryAppend(ReadOnlySpan<char> word, List<int> ids)
    {
        var entry = Volatile.Read(ref _slots[SlotOf(word)]);
        if (entry is null || !word.SequenceEqual(entry.Word))
        {
            return false;
        }

        ids.AddRange(entry.Ids.AsSpan());
        return true;
    }

    /// <summary>Keeps a word's tokens in place of those of another with the same slot.</summary>
    public void Put(ReadOnlySpan<char> word, ReadOnlySpan<int> ids) =>
        Volatile.Write(ref _slots[SlotOf(word)], new Entry(word.ToString(), ids.ToArray()));

    // The hash has a seed of the process's own: no text can be made to meet in one slot.
    private static int SlotOf(ReadOnlySpan<char> word) =>
        string.GetHashCode(word, StringComparison.Ordinal) & (SlotCount - 1);

    private sealed record Entry(string Word, int[] Ids);
}
