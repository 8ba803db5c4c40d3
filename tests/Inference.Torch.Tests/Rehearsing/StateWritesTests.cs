using System.Globalization;
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

    [Theory]
    [InlineData(Helper + "    return self.buffer", "    _0 = (self).helper(x, )\n    _1 = torch.add_(_0, 1)")]
    [InlineData(Helper + "    return (x, [self.a])", "    _0, _1, = (self).helper(x, )\n    _2 = torch.zero_(_1[0])")]
    [InlineData(
        Helper + "    return torch.detach(x)", "    _0 = torch.add_((self).helper(self.buffer, ), 1)")]
    [InlineData(
        Helper + "    return (self).deeper(1, x, )\n" + Deeper + "    return {\"a\": y}",
        "    _0 = (self).helper(self.buffer, )\n    _1 = torch.add_(_0[\"a\"], 1)")]
    [InlineData(
        "def beside(x: Tensor) -> Tensor:\n  return torch.view(x, [-1])",
        "    _0 = __torch__.beside(self.buffer, )\n    _1 = torch.copy_(_0, x)")]
    public void InCode_StateGivenBackAndWritten_IsFound(string helper, string body) =>
        Assert.True(Scan("forward", body, helper));

    [Theory]
    [InlineData(Helper + "    return torch.add(self.buffer, x)", "    _0 = torch.add_((self).helper(x, ), 1)")]
    [InlineData(Helper + "    return self.buffer", "    _0 = torch.add(torch.relu((self).helper(x, )), 1)")]
    [InlineData(Helper + "    return x", "    _0 = (self).helper(torch.relu(self.w), )\n    _1 = torch.add_(_0, 1)")]
    public void InCode_CopyGivenBackAndWritten_IsNoFinding(string helper, string body) =>
        Assert.False(Scan("forward", body, helper));

    [Theory]
    [InlineData(
        "def beside(m: __torch__.Model) -> Tensor:\n  m.last = 1\n  return m", "    _0 = __torch__.beside(self, )")]
    [InlineData(
        "def beside(m: __torch__.Model) -> Tensor:\n  _0 = torch.add_(m.calls, 1)\n  return _0",
        "    _0 = __torch__.beside(self, )")]
    [InlineData(
        "def beside(m: __torch__.Model) -> Tensor:\n  _0 = torch.append(m.seen, 1)\n  return _0",
        "    _0 = __torch__.beside(self.layer, )")]
    [InlineData(
        "def beside(m: List[__torch__.Model]) -> Tensor:\n  (m[0]).last = 1\n  return 1",
        "    _0 = __torch__.beside([self], )")]
    public void InCode_ModuleHandedToAWriter_IsFound(string helper, string body) =>
        Assert.True(Scan("forward", body, helper));

    [Theory]
    [InlineData("torch.get({0}, \"a\")")]
    [InlineData("torch.values({0})")]
    [InlineData("torch.movedim({0}, 0, 1)")]
    [InlineData("torch.swapaxes({0}, 0, 1)")]
    [InlineData("torch.swapdims({0}, 0, 1)")]
    [InlineData("torch.unfold({0}, 0, 1, 1)")]
    [InlineData("torch.ravel({0})")]
    [InlineData("torch.real({0})")]
    [InlineData("torch.imag({0})")]
    [InlineData("torch.view_as_real({0})")]
    [InlineData("torch.view_as_complex({0})")]
    [InlineData("torch.unflatten({0}, 0, [1, 2])")]
    [InlineData("torch.dropout({0}, 0.1, False)")]
    [InlineData("torch.type_as({0}, x)")]
    [InlineData("torch.einsum(\"ij->ji\", [{0}])")]
    [InlineData("ops.prim.data({0})")]
    [InlineData("ops.prims.view_of({0})")]
    [InlineData("torch.relu_({0})")]
    [InlineData("torch.mul(x, x, out={0})")]
    [InlineData("unchecked_cast(Tensor, {0})")]
    [InlineData("annotate(Optional[Tensor], {0})")]
    [InlineData("({0}).view(-1)")]
    [InlineData("(torch.tensor_split({0}, 2))[0]")]
    [InlineData("([{0}, x])[0]")]
    [InlineData("(torch.list([{0}]))[0]")]
    [InlineData("(torch.add([x], [{0}]))[1]")]
    [InlineData("({0})[0:1]")]
    public void InCode_WriteThroughAnAlias_IsFound(string alias)
    {
        var value = string.Format(CultureInfo.InvariantCulture, alias, "self.buffer");

        Assert.True(Scan("forward", $"    a = {value}\n    _0 = torch.add_(a, 1)"));
    }

    [Theory]
    [InlineData("torch.clone({0})")]
    [InlineData("torch.cat([{0}, x])")]
    [InlineData("torch.embedding({0}, x)")]
    [InlineData("torch.linear(x, {0}, None)")]
    [InlineData("torch.view_as(torch.relu(x), {0})")]
    [InlineData("ops.quantized.linear(x, {0}, 0., 0)")]
    [InlineData("torch.add(x, x, alpha={0})")]
    public void InCode_WriteIntoACopy_IsNoFinding(string copy)
    {
        var value = string.Format(CultureInfo.InvariantCulture, copy, "self.buffer");

        Assert.False(Scan("forward", $"    a = {value}\n    _0 = torch.add_(a, 1)"));
    }

    [Theory]
    [InlineData("    a = []\n    _0 = torch.append(a, self.buffer)\n    _1 = torch.add_(a[0], 1)")]
    [InlineData("    a = __torch__.Box.__new__(__torch__.Box)\n    a.x = self.buffer\n    _1 = torch.add_(a.x, 1)")]
    [InlineData("    for a in self.buffers:\n      _0 = torch.add_(a, 1)")]
    [InlineData("    a, b, = self.buffers\n    _0 = torch.add_(b, 1)")]
    [InlineData("    _0 = torch.add_(CONSTANTS.c0, 1)")]
    [InlineData("    self.buffer[0] = x")]
    [InlineData("    self.count += 1")]
    [InlineData("    del self.seen[\"a\"]")]
    [InlineData("    if x: self.count = 1")]
    [InlineData("    _0 = torch.topk(x, 1, values=self.best, indices=self.places)")]
    [InlineData("    _0 = torch.batch_norm(x, None, None, self.mean, self.var, True, 0.1, 1e-05, True)")]
    [InlineData("    _0 = torch.rrelu_with_noise(x, self.noise, 0.1, 0.3, True)")]
    [InlineData("    a = [lambda y: y for y in x]")]
    public void InCode_WriteInAnotherWay_IsFound(string body) => Assert.True(Scan("forward", body));

    [Theory]
    [InlineData("    _0 = torch.batch_norm(x, None, None, self.mean, self.var, False, 0.1, 1e-05, True)")]
    [InlineData("    _0 = torch.instance_norm(x, self.w, self.b, None, None, True, 0.1, 1e-05, True)")]
    [InlineData("    a = __torch__.Box.__new__(__torch__.Box)\n    a.x = self.buffer")]
    [InlineData("    x0 = x\n    x0 += self.bias")]
    [InlineData("    if self.count == 1:\n      y = self.count <= 2")]
    public void InCode_NothingOfTheModuleWritten_IsNoFinding(string body) => Assert.False(Scan("forward", body));

    [Fact]
    public void InCode_ClassOfAnAttributeIsKnown_OnlyItsMethodCounts()
    {
        const string Layers =
            "class Table(Module):\n  weight : Tensor\n  def forward(self: __torch__.Table) -> Tensor:\n"
            + "    return self.weight\n"
            + "class Layer(Module):\n  weight : Tensor\n  def forward(self: __torch__.Layer, x: Tensor) -> Tensor:\n"
            + "    return torch.matmul(x, self.weight)\n";
        const string Model =
            "class Model(Module):\n  layer : __torch__.Layer\n  __annotations__[\"0\"] = __torch__.Table\n"
            + "  def forward(self: __torch__.Model, x: Tensor) -> Tensor:\n    layer = self.layer\n"
            + "    _0 = getattr(self, \"0\")\n    y = (_0).forward()\n";

        Assert.False(StateWrites.InCode(Layers + Model + "    _1 = torch.add_((layer).forward(x, ), y)\n"));
        Assert.True(StateWrites.InCode(Layers + Model + "    _1 = torch.add_(y, (layer).forward(x, ))\n"));
    }

    // The class of "self" is told by its place: here its layer's helper keeps nothing, another class's does.
    [Theory]
    [InlineData("self", "x")]
    [InlineData("s", "self")]
    public void InCode_ModuleOfAnyName_IsKnownByItsPlace(string module, string input)
    {
        const string Layers =
            "class Layer(Module):\n  def helper(m, x: Tensor) -> Tensor:\n    return torch.relu(x)\n"
            + "class Other(Module):\n  w : Tensor\n  def helper(m, x: Tensor) -> Tensor:\n    return m.w\n";
        var model = "class Model(Module):\n  layer : __torch__.Layer\n  calls : Tensor\n"
            + $"  def forward({module}, {input}: Tensor) -> Tensor:\n";

        Assert.False(StateWrites.InCode(
            Layers + model + $"    _0 = torch.add_(({module}.layer).helper({input}, ), 1)\n    return _0\n"));
        Assert.True(StateWrites.InCode(Layers + model + $"    _0 = torch.add_({module}.calls, 1)\n    return _0\n"));
        Assert.True(StateWrites.InCode(Layers + model + $"    {module}.calls = {input}\n    return {input}\n"));
    }

    [Fact]
    public void InCode_MethodsThatCallEachOther_ComesToAnEnd() => Assert.True(Scan(
        "forward",
        "    _0 = (self).helper((self).deeper(1, self.buffer, ), )",
        Helper + "    _0 = torch.append(x, (self).deeper(1, x, ))\n    return [x, (self).helper([x], )]\n"
        + Deeper + "    return [(self).helper(y, ), (self).deeper(n, y, )]"));

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
        return StateWrites.InCode(string.Join('\n', code) + '\n');
    }
}
