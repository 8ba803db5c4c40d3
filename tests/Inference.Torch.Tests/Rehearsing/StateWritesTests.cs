using MlCluster.Inference.Rehearsing;

namespace MlCluster.Inference.Tests.Rehearsing;

public sealed class StateWritesTests
{
    private const string Helper = "  def helper(self: __torch__.Model,\n    x: Tensor) -> Tensor:\n";

    private const string Deeper = "  def deeper(self: __torch__.Model, n: int, y: Tensor) -> Tensor:\n";

    [Theory]
    [InlineData("    self.last = (self).embed(features, )")]
    [InlineData("    _0 = torch.add_(self.calls, 1)")]
    [InlineData("    calls = self.calls\n    _0 = torch.add_(calls, 1)")]
    [InlineData("    _0 = torch.copy_(torch.slice(self.buffer, 0, 0, 5), x)")]
    [InlineData("    buffer = self.buffer\n    row = torch.select(buffer, 0, 1)\n    _0 = torch.zero_(row)")]
    [InlineData("    last = self.last\n    last0 = unchecked_cast(Tensor, last)\n    _0 = torch.mul_(last0, 2)")]
    [InlineData("    seen = self.seen\n    _0 = torch.append(seen, x)")]
    [InlineData("    _0 = torch.add((self).scale(x, ), torch.add_((self).calls, 1))")]
    [InlineData("    layer = self.layer\n    layer.last = x")]
    [InlineData("    _0 = torch.add(x, 1, out=self.scratch)")]
    [InlineData("    scratch = self.scratch\n    _0 = torch.matmul(x, x, out=torch.slice(scratch, 0, 0, 5))")]
    [InlineData("    _0 = torch.update(self.seen, features)")]
    [InlineData("    seen = self.seen\n    _0 = torch.setdefault(seen, \"a\", x)")]
    [InlineData("    _0 = torch.popitem(self.seen)")]
    [InlineData("    order = self.order\n    _0 = torch.sort(order, False)")]
    public void InCode_WriteToState_IsFound(string body) => Assert.True(Scan("forward", body));

    [Theory]
    [InlineData("    x = torch.add(self.calls, 1)\n    _0 = torch.add_(x, 1)")]
    [InlineData("    _0 = torch.relu_(torch.matmul(x, self.weight))")]
    [InlineData("    items = annotate(List[Tensor], [])\n    _0 = torch.append(items, self.weight)")]
    [InlineData("    _0 = torch.__isnot__(self.weight, None)")]
    [InlineData("    weight = self.weight\n    _0 = (self).embed(features, )")]
    [InlineData("    x = torch.empty([5])\n    _0 = torch.add(self.weight, 1, out=x)")]
    [InlineData("    _0 = torch.update(features, {\"a\": self.weight})")]
    public void InCode_StateOnlyRead_IsNoFinding(string body) => Assert.False(Scan("forward", body));

    [Theory]
    [InlineData(Helper + "    _0 = torch.add_(x, 1)", "    _0 = (self).helper(self.buffer, )")]
    [InlineData(Helper + "    _0 = torch.add_(x, 1)", "    _0 = (self).helper((self).buffer, )")]
    [InlineData(Helper + "    _0 = torch.add_(x, 1)", "    buffer = self.buffer\n    _0 = (self).helper(buffer, )")]
    [InlineData(
        Helper + "    _0 = torch.copy_(torch.select(x, 0, 0), 1)",
        "    _0 = torch.add(features, (self).helper(torch.slice(self.buffer, 0, 0, 5), ))")]
    [InlineData(Helper + "    y = x\n    _0 = torch._set_item(y, 0, 1)", "    _0 = (self).helper(self.seen, )")]
    [InlineData(
        Helper + "    for i in range(2):\n      _0 = torch.add_(y, 1)\n      y = x",
        "    _0 = (self).helper(self.buffer, )")]
    [InlineData(
        Helper + "    _0 = torch.add(x, 1, out=x)", "    layer = self.layer\n    _0 = (layer).helper(layer.w, )")]
    [InlineData(Helper + "    _0 = torch.add_((x)[0], 1)", "    _0 = (self).helper([a, self.buffer], )")]
    [InlineData(Helper + "    _0 = torch.add_((x)[0], 1)", "    _0 = (self).helper((a, self.buffer), )")]
    [InlineData(Helper + "    _0 = torch.add_(x[\"b\"], 1)", "    _0 = (self).helper({\"a:\": self.buffer}, )")]
    [InlineData(
        Helper + "    _0 = (self).deeper(1, x, )\n" + Deeper + "    _0 = torch.zero_(y)",
        "    _0 = (self).helper(self.buffer, )")]
    [InlineData(
        "  def second(self: __torch__.Model, a: Dict[str, Tensor],\n    b: Tensor) -> Tensor:\n    _0 = torch.zero_(b)",
        "    _0 = (self).second({\"a, (\": features}, self.buffer, )")]
    [InlineData(
        "def beside(x: Tensor) -> Tensor:\n  _0 = torch.add_(x, 1)\n  return x",
        "    _0 = __torch__.beside(self.buffer, )")]
    [InlineData(
        "def beside(self: Tensor) -> Tensor:\n  _0 = torch.add_(self, 1)\n  return self",
        "    _0 = __torch__.some.module.beside\n    _1 = _0(self.buffer, )")]
    public void InCode_StateHandedToAWriter_IsFound(string helper, string body) =>
        Assert.True(Scan("forward", body, helper));

    [Theory]
    [InlineData(Helper + "    _0 = torch.add_(x, 1)", "    _0 = (self).helper(torch.add(self.buffer, 1), )")]
    [InlineData(Helper + "    _0 = torch.add(x, 1)", "    _0 = (self).helper(self.buffer, )")]
    [InlineData(Helper + "    y = torch.relu(x)\n    _0 = torch.add_(y, 1)", "    _0 = (self).helper(self.buffer, )")]
    [InlineData(Helper + "    _0 = torch.add_(x, 1)", "    _0 = torch.helper(self.buffer)")]
    [InlineData(
        Helper + "    _0 = (self).deeper(x, 1, )\n" + Deeper + "    _0 = torch.zero_(y)",
        "    _0 = (self).helper(self.buffer, )")]
    [InlineData(
        Helper + "    return x\n  def __setstate__(self: __torch__.Model,\n    x: Tensor) -> NoneType:\n    self.w = x",
        "    _0 = (self).helper(self.buffer, )")]
    [InlineData(
        Helper + "    _0 = (self).helper(x, )\n    return x", "    _0 = (self).helper(self.buffer, )")]
    public void InCode_StateHandedToAReader_IsNoFinding(string helper, string body) =>
        Assert.False(Scan("forward", body, helper));

    [Fact]
    public void InCode_SetState_MayWrite() => Assert.False(Scan("__setstate__", "    self.weight = (state)[0]"));

    [Theory]
    [InlineData("writes-state", true)]
    [InlineData("writes-cache", true)]
    [InlineData("writes-argument", true)]
    [InlineData("names-change", false)]
    [InlineData("tiny-sentence-transformer", false)]
    [InlineData("tiny-huggingface", false)]
    [InlineData("many-types", false)]
    [InlineData("other-rows", false)]
    public void InFile_Archive_IsJudged(string archive, bool writes)
    {
        using var unpacked = new UnpackedArchive(TestData.Archive(archive));

        Assert.Equal(writes, StateWrites.InFile(unpacked.ModelFile));
    }

    [SkippableTheory]
    [InlineData("models", "all-MiniLM-L6-v2_torchscript_sentence-transformer.zip")]
    [InlineData("models", "all-MiniLM-L6-v2_torchscript_huggingface.zip")]
    [InlineData("models", "tiny-cross-encoder_torchscript.zip")]
    [InlineData("models", "tiny-embedding_torchscript_huggingface.zip")]
    [InlineData("models", "tiny-question-answering_torchscript.zip")]
    [InlineData("models", "tiny-roberta-embedding_torchscript_huggingface.zip")]
    [InlineData("models", "tiny-sparse-encoder_torchscript.zip")]
    [InlineData("fixtures", "ml-commons", "traced_small_model.zip")]
    [InlineData("fixtures", "ml-commons", "sentence_highlighting_qa_model_pt.zip")]
    [InlineData("fixtures", "ml-commons", "sparse_demo.zip")]
    public void InFile_RealModel_WritesNothing(params string[] archive)
    {
        using var unpacked = new UnpackedArchive(TestData.Shared(archive));

        Assert.False(StateWrites.InFile(unpacked.ModelFile));
    }

    private static bool Scan(string method, string body, string after = "")
    {
        string[] code =
        [
            "class Model(Module):",
            "  __buffers__ = [\"calls\", ]",
            "  calls : Tensor",
            $"  def {method}(self: __torch__.Model,",
            "    features: Dict[str, Tensor]) -> Tensor:",
            .. body.Split('\n'),
            "    return x",
            .. after.Split('\n'),
        ];
        return StateWrites.InCode(code);
    }
}
