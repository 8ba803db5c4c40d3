using System.Buffers.Binary;
using System.Text;
using MlCluster.Inference.Archive.TorchScript.Code;

namespace MlCluster.Inference.Archive.TorchScript.Pickle;

/// <summary>
/// Runs a TorchScript pickle without making anything: protocol 2, the opcodes that torch.jit.save writes.
/// </summary>
/// <remarks>
/// It refuses what it does not know, so that no program means more to libtorch's reader than it means here. Calls are
/// judged by <see cref="TensorStore"/> and <see cref="PickleGlobals"/>.
/// </remarks>
internal sealed class PickleMachine(byte[] program, TensorStore tensors, TorchScriptLimits limits)
{
    private readonly PickleStack _stack = new(tensors.What, limits);
    private readonly List<PickleValue> _memo = [];
    private int _position;

    /// <summary>Runs the program and gives the one value it leaves.</summary>
    /// <exception cref="ModelFormatException">It is damaged, or does what no TorchScript file does.</exception>
    public PickleValue Run()
    {
        if (Byte() != 0x80 || Byte() != 2)
        {
            throw Refuse("is not a pickle of protocol 2");
        }

        for (var code = Byte(); code != '.'; code = Byte())
        {
            Step(code);
        }

        return _stack.Result();
    }

    private void Step(byte code)
    {
        switch ((char)code)
        {
            case 'N': _stack.Push(OpaqueValue.None); break;
            case '\x88' or '\x89': _stack.Push(OpaqueValue.Bool); break;
            case 'K': _stack.Push(new IntValue(Byte())); break;
            case 'M': _stack.Push(new IntValue(BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)))); break;
            case 'J': _stack.Push(new IntValue(BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)))); break;
            case '\x8a': _stack.Push(Long()); break;
            case 'G': Bytes(8); _stack.Push(OpaqueValue.Number); break;
            case 'X': _stack.Push(new TextValue(Encoding.Latin1.GetString(Bytes(Length())))); break;
            case 'q': Put(Byte()); break;
            case 'r': Put(Length()); break;
            case 'h': Get(Byte()); break;
            case 'j': Get(Length()); break;
            case 'c': _stack.Push(Global()); break;
            default: StepContainer(code); break;
        }
    }

    private void StepContainer(byte code)
    {
        switch ((char)code)
        {
            case ')': _stack.Push(new TupleValue([])); break;
            case ']': _stack.Push(new ListValue()); break;
            case '}': _stack.Push(new DictValue()); break;
            case '(': _stack.Mark(); break;
            case 't': _stack.PushTuple(_stack.PopToMark()); break;
            case '\x85': _stack.PushTuple(_stack.Pop(1)); break;
            case '\x86': _stack.PushTuple(_stack.Pop(2)); break;
            case '\x87': _stack.PushTuple(_stack.Pop(3)); break;
            case 'a': _stack.AddTo<ListValue>(_stack.Pop(1)); break;
            case 'e': _stack.AddTo<ListValue>(_stack.PopToMark()); break;
            case 's': _stack.AddTo<DictValue>(_stack.Pop(2)); break;
            case 'u': _stack.AddTo<DictValue>(_stack.PopToMark()); break;
            case '\x81': New(); break;
            case 'R' or 'b': Call(); break;
            case 'Q': _stack.Push(tensors.Storage(_stack.Pop())); break;
            default: throw Refuse($"uses pickle opcode 0x{code:x2}, which TorchScript does not write");
        }
    }

    private void New()
    {
        if (_stack.Pop() is not TupleValue { Items.Length: 0 }
            || _stack.Peek() is not GlobalValue { Name: PickleGlobal.Class })
        {
            throw Refuse("makes an object of something that is no class");
        }
    }

    private void Call()
    {
        var argument = _stack.Pop();
        if (_stack.Pop() is not GlobalValue function)
        {
            throw Refuse("calls something that is no function");
        }

        PickleValue result = function.Name switch
        {
            PickleGlobal.RebuildTensor => tensors.Tensor(argument, quantized: false),
            PickleGlobal.RebuildQuantizedTensor => tensors.Tensor(argument, quantized: true),
            PickleGlobal.OrderedDict => OpaqueValue.None,
            PickleGlobal.Complex => OpaqueValue.Number,
            PickleGlobal.Device => OpaqueValue.Device,
            PickleGlobal.BuildList => Only<ListValue>(argument, 1),
            PickleGlobal.RestoreTypeTag => Tagged(argument),
            _ => new ObjectValue(function.QualifiedName),
        };
        _stack.PushOver(result, argument);
    }

    private PickleValue Tagged(PickleValue argument)
    {
        var container = Only<PickleValue>(argument, 2);
        if (container is not (ListValue or DictValue) || ((TupleValue)argument).Items[1] is not TextValue type)
        {
            throw Refuse("tags something that is no list or dict");
        }

        OperatorCheck.Check(Encoding.Latin1.GetBytes(type.Text), tensors.What);
        return container;
    }

    private PickleValue Only<T>(PickleValue argument, int count)
        where T : PickleValue =>
        argument is TupleValue tuple && tuple.Items.Length == count && tuple.Items[0] is T
            ? tuple.Items[0]
            : throw Refuse("calls a function with unusual arguments");

    private PickleValue Global()
    {
        var (module, name) = (Line(), Line());
        return PickleGlobals.Resolve(module, name)
            ?? throw Refuse($"names {module}.{name}, which is not allowed in a model");
    }

    private IntValue Long() => Byte() == 8
        ? new IntValue(BinaryPrimitives.ReadInt64LittleEndian(Bytes(8)))
        : throw Refuse("has an int of unusual length");

    /// <summary>Ids come in order; any other would make libtorch allocate up to them.</summary>
    private void Put(int id)
    {
        if (id > _memo.Count)
        {
            throw Refuse($"keeps a value under number {id} where {_memo.Count} comes next");
        }

        if (id == _memo.Count)
        {
            _stack.CountKept();
            _memo.Add(_stack.Peek());
        }
        else
        {
            _memo[id] = _stack.Peek();
        }
    }

    private void Get(int id) =>
        _stack.Push(id < _memo.Count ? _memo[id] : throw Refuse($"reads value {id}, which it never kept"));

    private byte Byte() => Bytes(1)[0];

    private int Length() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)) is var length && length <= program.Length
        ? (int)length
        : throw Refuse("has a length beyond its end");

    private ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > program.Length - _position)
        {
            throw Refuse("ends too early");
        }

        _position += count;
        return program.AsSpan(_position - count, count);
    }

    private string Line()
    {
        var length = program.AsSpan(_position).IndexOf((byte)'\n');
        if (length < 0 || length > 1000)
        {
            throw Refuse("has a name without end");
        }

        var line = Encoding.Latin1.GetString(Bytes(length));
        Bytes(1);
        return line;
    }

    private ModelFormatException Refuse(string reason) => new($"{tensors.What} {reason}");
}
