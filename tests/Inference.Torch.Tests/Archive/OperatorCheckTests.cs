using System.Text;
using MlCluster.Inference.Archive.TorchScript.Code;

namespace MlCluster.Inference.Tests.Archive;

public sealed class OperatorCheckTests
{
    [Theory]
    [InlineData("torch.from_file(\"/etc/passwd\")", "aten::from_file")]
    [InlineData("torch . from_file(x)", "aten::from_file")]
    [InlineData("(torch\n.\\\n from_file)(x)", "aten::from_file")]
    [InlineData("ops.aten.from_file(x)", "aten::from_file")]
    [InlineData("torch.autograd.from_file(x)", "aten::from_file")]
    [InlineData("torch.autograd.autograd.save(x, y)", "aten::save")]
    [InlineData("ops.prim.autograd.save(x, y)", "prim::save")]
    [InlineData("x.from_file(y)", "aten::from_file")]
    [InlineData("(\"/etc/passwd\").from_file(False, 8)", "aten::from_file")]
    [InlineData("torch.save(x, \"f\")", "aten::save")]
    [InlineData("x = 2.\ntorch.save(x, \"f\")", "aten::save")]
    [InlineData("x = 0x1.\ntorch.save(x, \"f\")", "aten::save")]
    [InlineData("x = 1e5.\ntorch.save(x, \"f\")", "aten::save")]
    [InlineData("x[...]\ntorch.save(x, \"f\")", "aten::save")]
    [InlineData("ops.image.read_file(x)", "image::read_file")]
    [InlineData("ops.profiler._record_function_enter(x)", "profiler::_record_function_enter")]
    [InlineData("ops.cuda.set_device(1)", "cuda::set_device")]
    [InlineData("ops.Aten.from_file(x)", "Aten::from_file")]
    [InlineData("torch.ops.image.read_file(x)", "aten::ops")]
    [InlineData("torch._index_put_impl_(x, i, v, False, True)", "aten::_index_put_impl_")]
    [InlineData("x._index_put_impl_(i, v, False, True)", "aten::_index_put_impl_")]
    [InlineData("(x)._nested_view_from_buffer(a, b, c)", "aten::_nested_view_from_buffer")]
    [InlineData("(x)._reshape_alias(a, b)", "aten::_reshape_alias")]
    [InlineData("torch._reshape_alias(x, a, b)", "aten::_reshape_alias")]
    [InlineData("torch._nested_view_from_jagged(x, a, b)", "aten::_nested_view_from_jagged")]
    [InlineData("torch.set_num_threads(64)", "aten::set_num_threads")]
    [InlineData("torch._test_optional_intlist(x)", "aten::_test_optional_intlist")]
    [InlineData("t = torch\nt.save(x, y)", "the namespace torch")]
    [InlineData("(torch).save(x, y)", "the namespace torch")]
    [InlineData("getattr(torch, \"save\")(x, y)", "the namespace torch")]
    [InlineData("getattr(ops.image, \"read_file\")(x)", "the namespace ops.image")]
    [InlineData("t = torch.autograd\nt.save(x, y)", "the namespace torch.autograd")]
    [InlineData("a = ops.aten\na.save(x, y)", "the namespace ops.aten")]
    [InlineData(
        "__torch__.torch.classes.dist_rpc.WorkerInfo(x)", "the class __torch__.torch.classes.dist_rpc.WorkerInfo")]
    [InlineData("a = __torch__.torch\na.classes.x.Y()", "the class __torch__.torch")]
    [InlineData("a = __torch__.torch.classes.quantized", "the class __torch__.torch.classes.quantized")]
    [InlineData("getattr(__torch__, \"torch\")", "the class __torch__")]
    [InlineData("import __torch__\ntorch.save(x, y)", "aten::save")]
    [InlineData("import (\ntorch.save(x, y))", "aten::save")]
    [InlineData("# it's a comment\ntorch.save(x, y)", "aten::save")]
    [InlineData("# type: (torch.save) -> int", "aten::save")]
    [InlineData("a = \"\"\"x\"y\"\"\"\ntorch.save(x, y)", "aten::save")]
    [InlineData("a = \"\\\\\"; torch.save(x, \"f\")", "aten::save")]
    [InlineData("a = ''\ntorch.save(x, '''f''')", "aten::save")]
    [InlineData("fork(torch.save, x, y)", "aten::save")]
    public void Check_WhatReachesOut_IsRefusedByName(string code, string name)
    {
        var error = Assert.Throws<ModelFormatException>(() => Check(code));

        Assert.Contains("a model may not use ", error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x = torch.add(torch.matmul(a, b), CONSTANTS.c0, alpha=1)")]
    [InlineData("x = ops.prim.NumToTensor(torch.size(x, 1))")]
    [InlineData("x = ops.quantized.linear_dynamic(x, (self)._packed_params)")]
    [InlineData("_packed_params : __torch__.torch.classes.quantized.LinearPackedParamsBase")]
    [InlineData("raise(\"use torch.save(x) or ops.image.read_file, it's easy\")")]
    [InlineData("x = 'don\\'t torch.save'")]
    [InlineData("x = \"\"\"a\ntorch.save(b)\n\"\"\"")]
    [InlineData("# torch.save(x)")]
    [InlineData("import __torch__\nimport __torch__.torch.nn.modules\nclass A(Module):")]
    [InlineData("x = (self.loader).load(y)\nself.save(x)")]
    [InlineData("class A(Module):\n  ops : int\n  def ops(self) -> int:\n    return self.ops")]
    [InlineData("for i in range(torch.__range_length(0, n, 1)):\n  j = torch.__derive_index(i, 0, 1)")]
    [InlineData("x = torch.mul(y, 1.0000000000000001e-05)\nz = x[..., 0:2]\nw = [1., 2.]\nv = 2.\nu = v")]
    [InlineData("x = getattr(self, \"0\")")]
    [InlineData("op_version_set = 1")]
    public void Check_OrdinaryCode_Passes(string code) => Check(code);

    [Theory]
    [InlineData("x = \"no end\ny = 1")]
    [InlineData("x = '''no end'")]
    [InlineData("x = \"\\")]
    [InlineData("t\u00f6rch.save(x)")]
    [InlineData("a\r\nb")]
    [InlineData("a\0b")]
    public void Check_TextThatIsNoCode_IsRefused(string code) => Assert.Throws<ModelFormatException>(() => Check(code));

    private static void Check(string code) => OperatorCheck.Check(Encoding.UTF8.GetBytes(code), "model.pt, code/x.py");
}
