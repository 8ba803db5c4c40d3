using CsCheck;
using MlCluster.Node.Domain.Search.Columns;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>Terms of rows and rows of terms stay the same thing, however rows change.</summary>
public sealed class TermColumnTests
{
    private const int Rows = 2_000;
    private static readonly string[] Terms = ["a", "b", "c"];

    // First most rows come to have a term, then few are left: rows of a term are kept in both ways, and go back.
    [Fact]
    public void Set_AnyTerms_AreFoundByTheirRows() => Gen
        .Select(Gen.Int[0, Rows - 1], Gen.Int[0, 9], (row, kind) => (Row: row, Kind: kind)).Array[0, 4_000]
        .Sample(changes =>
        {
            var column = new TermColumn();
            var known = new Dictionary<int, string[]>();
            foreach (var (i, (row, kind)) in changes.Index())
            {
                string[] terms = kind == 9 ? ["b", "c", "b"]
                    : kind < (i < changes.Length / 4 ? 8 : 1) ? ["a"]
                    : [];
                column.Set(row, terms);
                known[row] = terms;
            }

            foreach (var row in Enumerable.Range(0, Rows).Where(r => changes.Length % 2 == 0 || r % 100 > 0))
            {
                column.Set(row, []);
                known.Remove(row);
            }

            Assert.Equal(known.Count(k => k.Value.Length > 0), column.RowCount);
            Assert.Equal(known.Sum(k => k.Value.Length), column.TermCount);
            Assert.All(Terms, term => Assert.Equal(
                known.Where(k => Array.IndexOf(k.Value, term) >= 0).Select(k => k.Key).Order(),
                column.Terms.Find(term) is >= 0 and var ordinal ? column.RowsOf(ordinal).Rows() : []));
            Assert.All(known, k => Assert.Equal(
                k.Value, column.TermsOf(k.Key).ToArray().Select(o => column.Terms[o])));
            Assert.All(known, k => Assert.Equal(k.Value.Length == 3, column.Repeats(k.Key)));
        });
}
