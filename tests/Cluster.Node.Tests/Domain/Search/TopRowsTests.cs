using CsCheck;
using MlCluster.Node.Domain.Search.Columns;
using MlCluster.Node.Domain.Search.Sorting;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>The first of many rows, found without ordering all.</summary>
public sealed class TopRowsTests
{
    [Fact]
    public void First_ManyRows_AreThoseOfTheirOrder() => Gen
        .Select(Gen.Int[0, 6000], Gen.Int[0, 1500], Gen.Int[1, 5000], Gen.Bool, Gen.Int[0, 1_000_000])
        .Sample((total, count, values, descending, seed) =>
        {
            var random = new Random(seed);
            var column = new NumberColumn();
            for (var row = 0; row < total; row++)
            {
                column.Set(row, random.Next(4) == 0 ? row : random.Next(values));
            }

            var key = new NumberKey(column, descending, missingFirst: false);
            var order = Comparer<int>.Create((x, y) => key.Compare(x, y) is not 0 and var c ? c : x.CompareTo(y));
            int[] rows = [.. Enumerable.Range(0, total)];

            Assert.Equal(rows.Order(order).Take(count), new TopRows([key], order).First([.. rows], count));
        });
}
