using System.Runtime.InteropServices;

namespace MlCluster.Tests.Support.Onnx;

/// <summary>Writes <c>.onnx</c> files: a graph, and around it what a model has.</summary>
/// <remarks>Fields: https://github.com/onnx/onnx, onnx.proto.</remarks>
internal sealed class OnnxForge
{
    public const int Float = 1;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Text = 8;
    public const int Truth = 9;

    private const ulong IrVersion = 8;
    private const ulong Opset = 13;

    private readonly WireForge _functions = new();

    /// <summary>The graph's own message.</summary>
    public WireForge Graph { get; } = new WireForge().Text(2, "g");

    /// <summary>The whole file.</summary>
    public byte[] Build()
    {
        var model = new WireForge().Number(1, IrVersion);
        foreach (var domain in (string[])["", "com.microsoft", "odd.ops"])
        {
            model.Message(8, new WireForge().Text(1, domain).Number(2, domain.Length == 0 ? Opset : 1));
        }

        return [.. model.Message(7, Graph).Build(), .. _functions.Build()];
    }

    /// <summary>Adds an input; a size is a number or a name.</summary>
    public OnnxForge Input(string name, int type, params object[] sizes) => Value(11, name, type, sizes);

    public OnnxForge Output(string name, int type, params object[] sizes) => Value(12, name, type, sizes);

    public OnnxForge Node(
        string op, string[] inputs, string[] outputs, string domain = "", params IEnumerable<WireForge> attributes)
    {
        Graph.Message(1, NodeOf(op, inputs, outputs, domain, attributes));
        return this;
    }

    public OnnxForge Floats(string name, long[] sizes, float[] values) =>
        Initializer(Tensor(name, Float, sizes).Bytes(9, MemoryMarshal.AsBytes<float>(values)));

    public OnnxForge Bool(string name, bool value) =>
        Initializer(Tensor(name, Truth, []).Bytes(9, [value ? (byte)1 : (byte)0]));

    public OnnxForge Initializer(WireForge tensor)
    {
        Graph.Message(5, tensor);
        return this;
    }

    /// <summary>Defines an operator by one node of another.</summary>
    public OnnxForge Function(string domain, string name, string op)
    {
        var function = new WireForge().Text(1, name).Text(10, domain).Text(4, "x").Text(5, "y")
            .Message(7, NodeOf(op, ["x"], ["y"], "", []))
            .Message(9, new WireForge().Text(1, "").Number(2, Opset));
        _functions.Message(25, function);
        return this;
    }

    public static WireForge Integer(string name, long value) =>
        new WireForge().Text(1, name).Number(3, (ulong)value).Number(20, 2);

    public static WireForge Integers(string name, params IEnumerable<long> values)
    {
        var attribute = new WireForge().Text(1, name).Number(20, 7);
        foreach (var value in values)
        {
            attribute.Number(8, (ulong)value);
        }

        return attribute;
    }

    public static WireForge SubGraph(string name, OnnxForge body) =>
        new WireForge().Text(1, name).Message(6, body.Graph).Number(20, 5);

    public static WireForge Tensor(string name, int type, long[] sizes)
    {
        var tensor = new WireForge().Number(2, (ulong)type).Text(8, name);
        foreach (var size in sizes)
        {
            tensor.Number(1, (ulong)size);
        }

        return tensor;
    }

    private static WireForge NodeOf(
        string op, string[] inputs, string[] outputs, string domain, IEnumerable<WireForge> attributes)
    {
        var node = new WireForge();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        foreach (var output in outputs)
        {
            node.Text(2, output);
        }

        node.Text(4, op).Text(7, domain);
        foreach (var attribute in attributes)
        {
            node.Message(5, attribute);
        }

        return node;
    }

    private OnnxForge Value(int field, string name, int type, object[] sizes)
    {
        var shape = new WireForge();
        foreach (var size in sizes)
        {
            var one = new WireForge();
            shape.Message(1, size is string named ? one.Text(2, named) : one.Number(1, Convert.ToUInt64(size, null)));
        }

        var tensor = new WireForge().Number(1, (ulong)type).Message(2, shape);
        Graph.Message(field, new WireForge().Text(1, name).Message(2, new WireForge().Message(1, tensor)));
        return this;
    }
}
