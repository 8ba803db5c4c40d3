namespace MlCluster.Node.Domain.Search.Columns;

/// <summary>Rows that have a term: few in a list, many as a bit each; whichever is shorter.</summary>
/// <remarks>A term of one document, of which there may be as many as documents, needs nothing beside this.</remarks>
internal struct TermRows
{
    private const int RowsAnEntry = sizeof(int) * 8;
    private int _only;
    private int[]? _few;
    private RowSet? _many;

    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a row that is not there.</summary>
    /// <param name="rowCount">Rows that the column has.</param>
    public void Add(int row, int rowCount)
    {
        Fit(rowCount);
        if (_many is not null)
        {
            _many.Add(row);
        }
        else
        {
            AddToFew(row);
        }

        Count++;
    }

    /// <summary>Removes a row that is there.</summary>
    /// <param name="rowCount">Rows that the column has.</param>
    public void Remove(int row, int rowCount)
    {
        Count--;
        if (_many is not null)
        {
            _many.Remove(row);
            Fit(rowCount);
        }
        else if (_few is not null)
        {
            _few[Array.IndexOf(_few, row)] = _few[Count];
        }
    }

    /// <summary>Adds these rows to others.</summary>
    public readonly void AddTo(RowSet rows)
    {
        if (_many is not null)
        {
            rows.Or(_many);
        }
        else if (_few is null)
        {
            rows.Add(_only);
        }
        else
        {
            foreach (var row in _few.AsSpan(0, Count))
            {
                rows.Add(row);
            }
        }
    }

    // Back not at the same border: one row more or less would turn all over again and again.
    private void Fit(int rowCount)
    {
        if (_many is null && Count > rowCount / RowsAnEntry)
        {
            var all = new RowSet(rowCount);
            AddTo(all);
            (_few, _many) = (null, all);
        }
        else if (_many is not null && Count < rowCount / RowsAnEntry / 4)
        {
            (_few, _many) = ([.. _many.Rows()], null);
        }
    }

    private void AddToFew(int row)
    {
        if (_few is null && Count == 0)
        {
            _only = row;
            return;
        }

        _few ??= [_only];
        if (Count == _few.Length)
        {
            Array.Resize(ref _few, Count * 2);
        }

        _few[Count] = row;
    }
}
