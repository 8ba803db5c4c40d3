namespace MlCluster.Inference.Archive.TorchScript.Pickle;

/// <summary>The stack of a pickle's program, with its marks and the limits on depth and number of values.</summary>
internal sealed class PickleStack(string what, TorchScriptLimits limits)
{
    private readonly List<PickleValue> _values = [];
    private readonly Stack<int> _marks = [];
    private long _kept;

    private int Floor => _marks.Count == 0 ? 0 : _marks.Peek();

    public void Push(PickleValue value)
    {
        if (_values.Count >= limits.MaxPickleValues)
        {
            throw Refuse($"keeps more than {limits.MaxPickleValues} values at once");
        }

        _values.Add(value);
    }

    public PickleValue Pop() => Pop(1)[0];

    public PickleValue[] Pop(int count)
    {
        if (_values.Count - count < Floor)
        {
            throw Refuse("takes a value that is not there");
        }

        return Take(_values.Count - count);
    }

    public PickleValue Peek() => _values.Count > Floor ? _values[^1] : throw Refuse("takes a value that is not there");

    public void Mark()
    {
        if (_marks.Count >= limits.MaxDepth)
        {
            throw Refuse($"nests deeper than {limits.MaxDepth}");
        }

        _marks.Push(_values.Count);
    }

    public PickleValue[] PopToMark() =>
        _marks.TryPop(out var start) ? Take(start) : throw Refuse("has no mark where one is needed");

    public void PushTuple(PickleValue[] items)
    {
        CountKept(items.Length);
        var tuple = new TupleValue(items);
        Contain(tuple, items);
        Push(tuple);
    }

    /// <summary>Adds values to the container on top, which nothing else holds yet.</summary>
    public void AddTo<T>(PickleValue[] values)
        where T : PickleValue
    {
        if (Peek() is not T container || (container is DictValue && values.Length % 2 != 0))
        {
            throw Refuse("adds to something that is no list or dict");
        }

        CountKept(values.Length);
        Contain(container, values);
        if (container.IsSealed)
        {
            throw Refuse("changes a list or dict that lies in another value");
        }
    }

    /// <summary>Pushes the result of a call, which holds what its argument held.</summary>
    public void PushOver(PickleValue result, PickleValue argument)
    {
        if (result is ObjectValue)
        {
            Contain(result, [argument]);
        }

        Push(result);
    }

    public void CountKept(int count = 1)
    {
        _kept += count;
        if (_kept > limits.MaxPickleValues)
        {
            throw Refuse($"keeps more than {limits.MaxPickleValues} values");
        }
    }

    public PickleValue Result() => _values.Count == 1 && _marks.Count == 0
        ? _values[0]
        : throw Refuse("does not end with one value");

    private PickleValue[] Take(int start)
    {
        var taken = _values.GetRange(start, _values.Count - start).ToArray();
        _values.RemoveRange(start, taken.Length);
        return taken;
    }

    private void Contain(PickleValue container, PickleValue[] items)
    {
        foreach (var item in items)
        {
            item.IsSealed = true;
            container.Depth = Math.Max(container.Depth, item.Depth + 1);
        }

        if (container.Depth > limits.MaxDepth)
        {
            throw Refuse($"nests deeper than {limits.MaxDepth}");
        }
    }

    private ModelFormatException Refuse(string reason) => new($"{what} {reason}");
}
