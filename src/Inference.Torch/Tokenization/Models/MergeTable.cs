using System.Runtime.InteropServices;

namespace MlCluster.Inference.Tokenization.Models;

/// <summary>A merge of two neighbours: the lower its rank, the earlier it is done.</summary>
/// <param name="Rank">Place in the file; of none, the largest integer.</param>
/// <param name="Id">The token that the two become.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Merge(int Rank, int Id)
{
    /// <summary>Two neighbours that do not merge.</summary>
    public static Merge None { get; } = new(int.MaxValue, -1);
}

/// <summary>Which neighbours merge into what.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<ulong, Merge> _merges;

    /// <summary>Looks every merge up in the vocabulary.</summary>
    /// <param name="prefix">What tokens inside a word begin with; the joined token has it once, in front.</param>
    /// <exception cref="ModelFormatException">A merge or what it gives is not in the vocabulary.</exception>
    public MergeTable(
        IReadOnlyList<(string Left, string Right)> merges, Dictionary<string, int> vocabulary, string prefix)
    {
        _merges = new Dictionary<ulong, Merge>(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            Refuse.Unless(
                right.Length >= prefix.Length,
                $"model.merges[{rank}]: '{right}' is shorter than the prefix '{prefix}'");
            var joined = left + right[prefix.Length..];
            _merges[KeyOf(IdOf(left), IdOf(right))] = new Merge(rank, IdOf(joined));

            int IdOf(string token)
            {
                Refuse.Unless(
                    vocabulary.TryGetValue(token, out var id),
                    $"model.merges[{rank}]: '{token}' is not in the vocabulary");
                return id;
            }
        }
    }

    /// <summary>The merge of two neighbours, or <see cref="Merge.None"/>.</summary>
    public Merge Find(int left, int right) =>
        _merges.TryGetValue(KeyOf(left, right), out var merge) ? merge : Merge.None;

    private static ulong KeyOf(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;
}
