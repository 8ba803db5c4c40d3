using System.Numerics;

namespace MlCluster.Node.Domain.Search.Columns;

/// <summary>Tells rows apart.</summary>
internal interface IRowTest
{
    /// <summary>True for a row that is wanted.</summary>
    bool Accepts(int row);
}

/// <summary>Some rows of an index, a bit each.</summary>
internal sealed class RowSet
{
    /// <summary>Rows a word.</summary>
    public const int Bits = 64;

    private ulong[] _words;

    public RowSet(int rows) => _words = new ulong[(rows + Bits - 1) / Bits];

    /// <param name="words">Bit i of word w is row 64 w + i.</param>
    public RowSet(ulong[] words) => _words = words;

    /// <summary>Those of the first rows that pass a test.</summary>
    /// <typeparam name="T">A struct: the test becomes part of the loop.</typeparam>
    public static RowSet Where<T>(int rows, T test)
        where T : struct, IRowTest
    {
        var found = new RowSet(rows);
        for (var word = 0; word < found._words.Length; word++)
        {
            var (bits, first) = (0UL, word * Bits);
            var count = Math.Min(rows - first, Bits);
            for (var bit = 0; bit < count; bit++)
            {
                bits |= test.Accepts(first + bit) ? 1UL << bit : 0;
            }

            found._words[word] = bits;
        }

        return found;
    }

    /// <summary>How many.</summary>
    public int Count => _words.Sum(w => BitOperations.PopCount(w));

    public bool Contains(int row) => row / Bits < _words.Length && (_words[row / Bits] & (1UL << (row % Bits))) != 0;

    public void Add(int row)
    {
        if (row / Bits >= _words.Length)
        {
            Array.Resize(ref _words, Math.Max((row / Bits) + 1, _words.Length * 2));
        }

        _words[row / Bits] |= 1UL << (row % Bits);
    }

    public void Remove(int row)
    {
        if (row / Bits < _words.Length)
        {
            _words[row / Bits] &= ~(1UL << (row % Bits));
        }
    }

    /// <summary>Adds a row or removes it.</summary>
    public void Put(int row, bool isThere)
    {
        if (isThere)
        {
            Add(row);
        }
        else
        {
            Remove(row);
        }
    }

    public RowSet Copy() => new([.. _words]);

    /// <summary>Keeps those that the other has too.</summary>
    public RowSet And(RowSet other)
    {
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] &= other.Word(i);
        }

        return this;
    }

    /// <summary>Adds those of the other.</summary>
    public RowSet Or(RowSet other)
    {
        if (other._words.Length > _words.Length)
        {
            Array.Resize(ref _words, other._words.Length);
        }

        for (var i = 0; i < other._words.Length; i++)
        {
            _words[i] |= other._words[i];
        }

        return this;
    }

    /// <summary>Takes away those of the other.</summary>
    public RowSet AndNot(RowSet other)
    {
        for (var i = 0; i < _words.Length; i++)
        {
            _words[i] &= ~other.Word(i);
        }

        return this;
    }

    /// <summary>Writes the rows, ascending, into the beginning of a span that has room for all.</summary>
    public void CopyTo(Span<int> rows)
    {
        var i = 0;
        foreach (var row in this)
        {
            rows[i++] = row;
        }
    }

    /// <summary>The rows, ascending.</summary>
    public IEnumerable<int> Rows()
    {
        foreach (var row in this)
        {
            yield return row;
        }
    }

    /// <summary>The same for loops over many.</summary>
    public Enumerator GetEnumerator() => new(_words);

    private ulong Word(int index) => index < _words.Length ? _words[index] : 0;

    /// <summary>Goes through rows without a call for each.</summary>
    public struct Enumerator
    {
        private readonly ulong[] _words;
        private int _word = -1;
        private ulong _left;

        internal Enumerator(ulong[] words) => _words = words;

        public readonly int Current => (_word * Bits) + BitOperations.TrailingZeroCount(_left);

        public bool MoveNext()
        {
            _left &= _left - 1;
            while (_left == 0 && ++_word < _words.Length)
            {
                _left = _words[_word];
            }

            return _left != 0;
        }
    }
}
