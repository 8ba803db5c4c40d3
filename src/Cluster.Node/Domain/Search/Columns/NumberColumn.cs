namespace MlCluster.Node.Domain.Search.Columns;

/// <summary>The values of a field with numbers, a row a document.</summary>
internal sealed class NumberColumn
{
    private readonly RowSet _present = new(0);
    private long[] _values = [];

    /// <summary>Rows that have a value.</summary>
    public RowSet Present() => _present.Copy();

    public bool Has(int row) => _present.Contains(row);

    /// <summary>The value of a row that has one.</summary>
    public long this[int row] => _values[row];

    public void Set(int row, long value)
    {
        if (row >= _values.Length)
        {
            Array.Resize(ref _values, Math.Max(row + 1, _values.Length * 2));
        }

        _values[row] = value;
        _present.Add(row);
    }

    public void Clear(int row) => _present.Remove(row);

    /// <summary>Rows with a value between two, both included.</summary>
    public RowSet Between(long from, long to) =>
        RowSet.Where(_values.Length, new IsBetween(_values, from, to)).And(_present);

    private readonly struct IsBetween(long[] values, long from, long to) : IRowTest
    {
        public bool Accepts(int row) => values[row] >= from && values[row] <= to;
    }
}
