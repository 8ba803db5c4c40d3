using CsCheck;
using MlCluster.Inference.Archive.Onnx;
using MlCluster.Tests.Support.Onnx;

namespace MlCluster.Inference.Tests.Archive.Onnx;

/// <summary>What a <c>.onnx</c> is refused for before ONNX Runtime sees it.</summary>
public sealed class OnnxFileTests
{
    public static TheoryData<string, byte[]> Good => new()
    {
        { "rows", OnnxModels.TokenRows().Build() },
        { "types", OnnxModels.WithTypes().Build() },
        { "loop", OnnxModels.NeverReturns().Build() },
        { "its own function", OwnFunction("Odd").Build() },
        { "operator of the runtime", OneNode("Gelu", "com.microsoft").Build() },
        { "unknown fields", [.. OnnxModels.TokenRows().Build(), .. new WireForge().Number(99, 1).Single(98, 1).Build()] },
    };

    public static TheoryData<string, byte[]> Bad => new()
    {
        { "it has no graph", [] },
        { "it has no graph", new WireForge().Number(1, 8).Build() },
        { "it is damaged at byte", "not a model"u8.ToArray() },
        { "it is damaged at byte", OnnxModels.TokenRows().Build()[..^1] },
        { "it is damaged at byte", new WireForge().Number(7, 1).Build() },
        { "it is damaged at byte", [(7 << 3) | 3, (7 << 3) | 4] },
        { "it uses the operator odd.ops::Odd", OnnxModels.CustomOperator().Build() },
        { "it uses the operator odd.ops::Odd", InSubGraph(OneNode("Odd", "odd.ops")).Build() },
        { "it uses the operator odd.ops::Odd", OwnFunction("Other").Build() },
        { "it uses the operator com.microsoft::EPContext", OneNode("EPContext", "com.microsoft").Build() },
        { "it keeps tensors in other files", OnnxModels.ExternalData("/etc/passwd").Build() },
        { "it keeps tensors in other files", InSubGraph(OnnxModels.ExternalData("w.bin")).Build() },
        { "it keeps tensors in other files", InAttribute(4, t => t.Number(14, 1)).Build() },
        { "it keeps tensors in other files", InAttribute(4, t => t.Number(14, (1UL << 32) + 1)).Build() },
        { "it keeps tensors in other files", InAttribute(9, t => t.Text(13, "")).Build() },
        { "its graphs are nested deeper than 32", Nested(40).Build() },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Check_GoodFile_Passes(string what, byte[] file)
    {
        Assert.NotEmpty(what);
        Check(file);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Check_BadFile_SaysWhatAndHowToMendIt(string reason, byte[] file)
    {
        var error = Assert.Throws<ModelFormatException>(() => Check(file));

        Assert.StartsWith("a.onnx cannot be served as ONNX: " + reason, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("all in one file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_MoreNodesOrBytesThanAllowed_IsRefused()
    {
        var file = OnnxModels.WithTypes().Build();

        Assert.Contains(
            "more than 2 nodes",
            Assert.Throws<ModelFormatException>(() => Check(file, new OnnxLimits(MaxNodes: 2))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "more than 100 bytes",
            Assert.Throws<ModelFormatException>(() => Check(file, new OnnxLimits(MaxFileBytes: 100))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Whatever the bytes are: a refusal, or a file that passes; nothing else.</summary>
    [Fact]
    public void Check_DamagedAnywhere_EndsInARefusalOrPasses()
    {
        var file = OnnxModels.NeverReturns().Build();
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte).Sample(
            (at, value) =>
            {
                var damaged = (byte[])file.Clone();
                damaged[at] = value;
                Assert.True(Record.Exception(() => Check(damaged)) is null or ModelFormatException);
            },
            iter: 2_000);
    }

    [SkippableFact]
    public void Check_RealModel_Passes()
    {
        using var archive = new UnpackedArchive(TestData.Shared("models", "tiny-embedding_onnx.zip"));

        Check(File.ReadAllBytes(archive.ModelFile));
    }

    private static void Check(byte[] file, OnnxLimits? limits = null)
    {
        using var stream = new MemoryStream(file);
        OnnxFile.Check(stream, "a.onnx", limits ?? OnnxLimits.Default, CancellationToken.None);
    }

    private static OnnxForge OneNode(string op, string domain) => new OnnxForge().Node(op, ["x"], ["y"], domain);

    private static OnnxForge OwnFunction(string name) => OneNode("Odd", "odd.ops").Function("odd.ops", name, "Relu");

    private static OnnxForge InSubGraph(OnnxForge body) =>
        new OnnxForge().Node("If", ["c"], ["y"], "", OnnxForge.SubGraph("then_branch", body));

    private static OnnxForge InAttribute(int field, Func<WireForge, WireForge> edit) => new OnnxForge().Node(
        "Constant",
        [],
        ["y"],
        "",
        new WireForge().Text(1, "value").Message(field == 9 ? 10 : 5, edit(OnnxForge.Tensor("t", OnnxForge.Float, [1]))));

    private static OnnxForge Nested(int depth) =>
        depth == 0 ? OneNode("Relu", "") : InSubGraph(Nested(depth - 1));
}
