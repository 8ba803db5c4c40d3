namespace MlCluster.Inference.Archive.Onnx;

/// <summary>Goes through the messages of a <c>.onnx</c> once, front to back.</summary>
/// <remarks>
/// Fields: https://github.com/onnx/onnx, onnx.proto. A field may come more than once, and parsers merge or take the last:
/// here each is looked at. Faults are <see cref="FormatException"/>s.
/// </remarks>
internal sealed class OnnxWalk(WireReader reader, OnnxLimits limits)
{
    private readonly OnnxOperators _operators = new();
    private bool _hasGraph;
    private int _nodes;

    /// <summary>Reads what begins here, to its end.</summary>
    private delegate void Part(long end, int depth);

    /// <summary>Reads and judges the whole file.</summary>
    /// <exception cref="FormatException">The first fault.</exception>
    public void ReadModel()
    {
        ReadParts(long.MaxValue, depth: 0, static (walk, field) => field switch
        {
            7 => walk.ReadGraph,
            25 => walk.ReadFunction,
            _ => null,
        });
        if (!_hasGraph)
        {
            throw new FormatException("it has no graph");
        }

        if (_operators.Refused() is { } refused)
        {
            throw new FormatException($"it uses the operator {refused}, which ONNX Runtime does not bring along");
        }
    }

    private void ReadGraph(long end, int depth)
    {
        if (depth >= limits.MaxDepth)
        {
            throw new FormatException($"its graphs are nested deeper than {limits.MaxDepth}");
        }

        _hasGraph = true;
        ReadParts(end, depth + 1, static (walk, field) => field switch
        {
            1 => walk.ReadNode,
            5 => walk.ReadTensor,
            15 => walk.ReadSparseTensor,
            _ => null,
        });
    }

    private void ReadFunction(long end, int depth)
    {
        var (name, domain) = ("", "");
        ReadParts(end, depth + 1, (_, field) => field switch
        {
            1 => (at, _) => name = Text(at),
            7 => ReadNode,
            10 => (at, _) => domain = Text(at),
            11 => ReadAttribute,
            _ => null,
        });
        _operators.Define(new OnnxOperator(domain, name));
    }

    private void ReadNode(long end, int depth)
    {
        if (++_nodes > limits.MaxNodes)
        {
            throw new FormatException($"it has more than {limits.MaxNodes} nodes");
        }

        var (name, domain) = ("", "");
        ReadParts(end, depth, (_, field) => field switch
        {
            4 => (at, _) => name = Text(at),
            5 => ReadAttribute,
            7 => (at, _) => domain = Text(at),
            _ => null,
        });
        _operators.Use(new OnnxOperator(domain, name));
    }

    private void ReadAttribute(long end, int depth) => ReadParts(end, depth, static (walk, field) => field switch
    {
        5 or 10 => walk.ReadTensor,
        6 or 11 => walk.ReadGraph,
        22 or 23 => walk.ReadSparseTensor,
        _ => null,
    });

    private void ReadSparseTensor(long end, int depth) => ReadParts(
        end, depth, static (walk, field) => field is 1 or 2 ? walk.ReadTensor : null);

    // The numbers of an external tensor would be read from any file that its location names.
    private void ReadTensor(long end, int depth)
    {
        while (reader.NextField(end) is { } field)
        {
            // A parser keeps the lower half of an enum's number.
            var isLocation = field is { Number: 14, Kind: WireKind.Varint };
            if (field.Number == 13 || (isLocation && (uint)reader.ReadVarint(end) != 0))
            {
                throw new FormatException("it keeps tensors in other files, which are not read");
            }

            if (!isLocation)
            {
                reader.Skip(field.Kind, end);
            }
        }
    }

    /// <summary>Reads a message: parts that matter by their readers, the others are passed over.</summary>
    private void ReadParts(long end, int depth, Func<OnnxWalk, int, Part?> partOf)
    {
        while (reader.NextField(end) is { } field)
        {
            if (partOf(this, field.Number) is not { } part)
            {
                reader.Skip(field.Kind, end);
            }
            else if (field.Kind == WireKind.Bytes)
            {
                part(reader.ReadEnd(end), depth);
            }
            else
            {
                throw reader.Damaged();
            }

            if (reader.Position > limits.MaxFileBytes)
            {
                throw new FormatException(
                    $"it has more than {limits.MaxFileBytes} bytes, which ONNX Runtime does not read from one file");
            }
        }
    }

    private string Text(long end) => reader.ReadText(end, limits.MaxNameBytes);
}
