using MlCluster.Inference.Rehearsing;

namespace MlCluster.Inference.Tests.Rehearsing;

public sealed class StateWritesTests
{
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

    [Fact]
    public void InCode_SetState_MayWrite() => Assert.False(Scan("__setstate__", "    self.weight = (state)[0]"));

    [Theory]
    [InlineData("writes-state", true)]
    [InlineData("writes-cache", true)]
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
    [InlineData("all-MiniLM-L6-v2_torchscript_sentence-transformer.zip")]
    [InlineData("all-MiniLM-L6-v2_torchscript_huggingface.zip")]
    [InlineData("tiny-roberta-embedding_torchscript_huggingface.zip")]
    [InlineData("tiny-sparse-encoder_torchscript.zip")]
    public void InFile_RealModel_WritesNothing(string archive)
    {
        using var unpacked = new UnpackedArchive(TestData.Shared("models", archive));

        Assert.False(StateWrites.InFile(unpacked.ModelFile));
    }

    private static bool Scan(string method, string body)
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
        ];
        return StateWrites.InCode(code);
    }
}
