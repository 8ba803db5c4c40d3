using System.Text;
using MlCluster.Inference.Archive.TorchScript;
using MlCluster.Inference.Archive.TorchScript.Pickle;

namespace MlCluster.Inference.Tests.Archive;

/// <summary>Programs are written as text: <c>\u00NN</c> is a byte.</summary>
public sealed class PickleMachineTests
{
    private const string Float = "(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpu";
    private static readonly TorchScriptLimits Limits = new(MaxPickleValues: 1000, MaxDepth: 20);

    [Theory]
    [InlineData(0, 2, 3, 3, 1)]
    [InlineData(4, 2, 1, 1, 1)]
    [InlineData(0, 100, 0, 5, 5)]
    [InlineData(5, 100, 1, 0, 1)]
    public void Run_TensorWithinItsStorage_Passes(int offset, int rows, int columns, int rowStride, int columnStride) =>
        Assert.IsType<TensorValue>(Tensor(6, offset, [rows, columns], [rowStride, columnStride]));

    [Theory]
    [InlineData(0, 2, 3, 3, 2)]
    [InlineData(1, 2, 3, 3, 1)]
    [InlineData(6, 1, 1, 1, 1)]
    [InlineData(int.MaxValue, 1, 1, 1, 1)]
    [InlineData(0, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue)]
    public void Run_TensorBeyondItsStorage_IsRefused(
        int offset, int rows, int columns, int rowStride, int columnStride) =>
        Refused("reaches outside storage 0", () => Tensor(6, offset, [rows, columns], [rowStride, columnStride]));

    [Theory]
    [InlineData(-1, 1, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(5, 2, -5)]
    public void Run_NegativeNumbers_AreRefused(int offset, int size, int stride) =>
        Refused("negative", () => Tensor(6, offset, [size], [stride]));

    [Fact]
    public void Run_HugeExpandedTensor_IsRefused() =>
        Refused("reaches outside", () => Tensor(6, 0, [int.MaxValue, int.MaxValue], [0, 0]));

    [Fact]
    public void Run_SizesWithoutStrides_AreRefused() =>
        Refused("missing size", () => Tensor(6, 0, [1, 1], [1]));

    [Fact]
    public void Run_StorageLargerThanItsRecord_IsRefused() =>
        Refused("declares 28 bytes for storage 0, but 24 are stored", () => Tensor(7, 0, [1], [1]));

    [Fact]
    public void Run_StorageWithoutRecord_IsRefused() =>
        Refused(
            "which is missing",
            () => Run(Float.Replace("0X\u0003", "9X\u0003", StringComparison.Ordinal) + "K\u0001tQ."));

    [Theory]
    [InlineData("\u0080\u0002cos\nsystem\nX\u0002\0\0\0ls\u0085R.", "names os.system")]
    [InlineData("\u0080\u0002c__builtin__\neval\n.", "names __builtin__.eval")]
    [InlineData("\u0080\u0002ctorch._utils\n_rebuild_sparse_tensor\n.", "names torch._utils._rebuild_sparse_tensor")]
    [InlineData("\u0080\u0002ctorch._tensor\n_rebuild_from_type_v2\n.", "names torch._tensor._rebuild_from_type_v2")]
    [InlineData("\u0080\u0002ctorch.distributed.rpc\nrref\n.", "names torch.distributed.rpc.rref")]
    [InlineData(
        "\u0080\u0002c__torch__.torch.classes.dist_rpc\nWorkerInfo\n.",
        "names __torch__.torch.classes.dist_rpc.WorkerInfo")]
    [InlineData("\u0080\u0002c__torch__\ntorch\n.", "names __torch__.torch")]
    [InlineData("\u0080\u0002i", "uses pickle opcode 0x69")]
    [InlineData("\u0080\u0004N.", "is not a pickle of protocol 2")]
    [InlineData("\u0080\u0002NNR.", "calls something that is no function")]
    [InlineData("\u0080\u0002K\0K\0b.", "calls something that is no function")]
    [InlineData("\u0080\u0002", "ends too early")]
    [InlineData("\u0080\u0002X\u00ff\u00ff\u00ff\u00ffx.", "has a length beyond its end")]
    [InlineData("\u0080\u0002.", "does not end with one value")]
    [InlineData("\u0080\u0002NN.", "does not end with one value")]
    [InlineData("\u0080\u0002\u0085.", "takes a value that is not there")]
    [InlineData("\u0080\u0002N(\u0085t.", "takes a value that is not there")]
    [InlineData("\u0080\u0002Nt.", "has no mark")]
    [InlineData("\u0080\u0002Nr\u00ff\u00ff\u00ff\u0000.", "has a length beyond its end")]
    [InlineData("\u0080\u0002Nq\u0005.", "keeps a value under number 5")]
    [InlineData("\u0080\u0002h\0.", "reads value 0, which it never kept")]
    [InlineData("\u0080\u0002]q\0h\0a.", "changes a list or dict that lies in another value")]
    [InlineData("\u0080\u0002]q\0\u0085h\0Na.", "changes a list or dict that lies in another value")]
    [InlineData("\u0080\u0002}(Nu.", "adds to something")]
    [InlineData("\u0080\u0002\u008a\u0001\u0005.", "has an int of unusual length")]
    [InlineData("\u0080\u0002K\u0001Q.", "has a reference that is not to a storage")]
    [InlineData("\u0080\u0002N)\u0081.", "makes an object of something that is no class")]
    [InlineData(
        "\u0080\u0002ctorch.jit._pickle\nrestore_type_tag\n]X\u0020\0\0\0__torch__.torch.classes.x.Y[int]\u0086R.",
        "may not use the class")]
    public void Run_WhatTorchScriptNeverWrites_IsRefused(string program, string reason) =>
        Refused(reason, () => RunBytes(program));

    [Fact]
    public void Run_DeepNesting_IsRefused() =>
        Refused("nests deeper than 20", () => Run("N" + new string('\u0085', 30) + "."));

    [Fact]
    public void Run_TooManyValues_IsRefused()
    {
        Refused("keeps more than 1000 values", () => Run(new string('N', 1001) + "."));
        Refused("keeps more than 1000 values", () => Run(string.Concat(Enumerable.Repeat("NN\u0086", 501)) + "."));
    }

    [Fact]
    public void Run_QuantizedTensorWithTooFewScales_IsRefused()
    {
        var scale = Call("_rebuild_tensor_v2", 6, 0, [2], [1]);
        var wrong = $"(ctorch\nper_channel_affine\n{scale}{scale}K\0t";

        Refused("scales do not fit", () => Run(Call("_rebuild_qtensor", 6, 0, [3, 2], [2, 1], wrong) + "."));
        Assert.IsType<TensorValue>(Run(Call("_rebuild_qtensor", 6, 0, [2, 3], [3, 1], wrong) + "."));
    }

    [Fact]
    public void Run_ObjectWithAttributes_TellsItsType()
    {
        var value = Run("c__torch__.my\nModule\n)\u0081}(X\u0001\0\0\0aNX\u0001\0\0\0bK\u0005ub.");

        Assert.Equal("__torch__.my.Module", Assert.IsType<ObjectValue>(value).TypeName);
    }

    private static PickleValue Tensor(int items, int offset, int[] sizes, int[] strides) =>
        Run(Call("_rebuild_tensor_v2", items, offset, sizes, strides) + ".");

    private static string Call(
        string function, int items, int offset, int[] sizes, int[] strides, string quantizer = "") =>
        $"ctorch._utils\n{function}\n({Float}{Int(items)}tQ{Int(offset)}{Tuple(sizes)}{Tuple(strides)}{quantizer}\u0089"
        + "ccollections\nOrderedDict\n)RtR";

    private static string Tuple(int[] numbers) => "(" + string.Concat(numbers.Select(Int)) + "t";

    private static string Int(int value) => "J" + Encoding.Latin1.GetString(BitConverter.GetBytes(value));

    private static PickleValue Run(string program) => RunBytes("\u0080\u0002" + program);

    private static PickleValue RunBytes(string program) => new PickleMachine(
        Encoding.Latin1.GetBytes(program),
        new TensorStore("model.pt, data.pkl", key => key == "0" ? 24 : null),
        Limits).Run();

    private static void Refused(string reason, Func<object> run)
    {
        var error = Assert.Throws<ModelFormatException>(run);
        Assert.StartsWith("model.pt, data.pkl", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
