using System.Runtime.Intrinsics;

namespace MlCluster.Node.Domain.Search.Columns;

/// <summary>The values of a field with numbers, a row a document.</summary>
internal sealed class NumberColumn
{
    private readonly RowSet _present = new(0);

    // As many as whole words of a row set have bits.
    private long[] _values = [];

    /// <summary>Rows that have a value.</summary>
    public RowSet Present() => _present.Copy();

    public bool Has(int row) => _present.Contains(row);

    /// <summary>The value of a row that has one.</summary>
    public long this[int row] => _values[row];

    /// <param name="value">Null: none.</param>
    public void Set(int row, long? value)
    {
        if (value is not { } number)
        {
            _present.Remove(row);
            return;
        }

        if (row >= _values.Length)
        {
            Array.Resize(ref _values, Math.Max(((row / RowSet.Bits) + 1) * RowSet.Bits, _values.Length * 2));
        }

        _values[row] = number;
        _present.Add(row);
    }

    /// <summary>Rows with a value between two, both included.</summary>
    public RowSet Between(long from, long to)
    {
        var words = new ulong[_values.Length / RowSet.Bits];
        for (var word = 0; word < words.Length; word++)
        {
            words[word] = Between(_values.AsSpan(word * RowSet.Bits, RowSet.Bits), from, to);
        }

        return new RowSet(words).And(_present);
    }

    /// <summary>Rows with one of some values.</summary>
    public RowSet OneOf(IReadOnlySet<long> values) => values.Count == 1
        ? Between(values.First(), values.First())
        : RowSet.Where(_values.Length, new IsOneOf(_values, values)).And(_present);

    /// <summary>A bit for each value.</summary>
    private static ulong Between(ReadOnlySpan<long> values, long from, long to)
    {
        var (lowest, highest) = (Vector256.Create(from), Vector256.Create(to));
        var bits = 0UL;
        for (var i = 0; i < values.Length; i += Vector256<long>.Count)
        {
            var some = Vector256.Create(values[i..]);
            var met = Vector256.GreaterThanOrEqual(some, lowest) & Vector256.LessThanOrEqual(some, highest);
            bits |= (ulong)met.ExtractMostSignificantBits() << i;
        }

        return bits;
    }

    private readonly struct IsOneOf(long[] values, IReadOnlySet<long> wanted) : IRowTest
    {
        public bool Accepts(int row) => wanted.Contains(values[row]);
    }
}
