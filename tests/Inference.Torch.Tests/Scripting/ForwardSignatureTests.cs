using MlCluster.Inference.Scripting;

namespace MlCluster.Inference.Tests.Scripting;

public sealed class ForwardSignatureTests
{
    [Theory]
    [InlineData("def forward(self: __torch__.M,\n    input: Dict[str, Tensor]) -> Dict[str, Tensor]")]
    [InlineData("def forward(self: __torch__.M,\n    argument_1: Dict[str, Tensor]) -> Dict[str, Tensor]")]
    [InlineData("def forward(self, features: dict[str, Tensor]) -> dict[str, Tensor]")]
    [InlineData("def forward(self: __torch__.M,\n    x: Dict(str, Tensor)) -> Dict(str, Tensor)")]
    public void Parse_DictInDictOut_IsSeen(string header)
    {
        var forward = ForwardSignature.Parse(header);

        Assert.True(forward.TakesDict);
        Assert.True(forward.GivesDict);
        Assert.False(forward.TakesTensors(2));
    }

    [Fact]
    public void Parse_DictInTensorOut_IsSeen()
    {
        var forward = ForwardSignature.Parse("def forward(self: __torch__.M,\n    ids: Dict[str, Tensor]) -> Tensor");

        Assert.True(forward.TakesDict);
        Assert.False(forward.GivesDict);
        Assert.Equal("Tensor", forward.ReturnType);
    }

    [Theory]
    [InlineData("def forward(self: __torch__.M, input_ids: Tensor, attention_mask: Tensor) -> Tuple[Tensor, Tensor]")]
    [InlineData(
        "def forward(self: __torch__.M, input_ids: Tensor, attention_mask: Optional[Tensor]=None) -> List[Tensor]")]
    [InlineData("def forward(self: M, a: Tensor, b: Tensor, c: Optional[Tensor]=None, d: List[int]=[1, 2]) -> Tensor")]
    public void Parse_TwoTensors_AreSeen(string header) =>
        Assert.True(ForwardSignature.Parse(header).TakesTensors(2));

    [Theory]
    [InlineData("def forward(s: __torch__.M, input_ids: Tensor, mask: Tensor) -> Tensor")]
    [InlineData("def forward(module, input_ids: Tensor, mask: Tensor) -> Tensor")]
    [InlineData("def forward(input_ids: __torch__.M, self: Tensor, mask: Tensor) -> Tensor")]
    public void Parse_ModuleOfAnyName_IsNoInput(string header)
    {
        var forward = ForwardSignature.Parse(header);

        Assert.True(forward.TakesTensors(2));
        Assert.Equal("mask", forward.Parameters[^1].Name);
        Assert.Equal(2, forward.Parameters.Count);
    }

    [Theory]
    [InlineData("\"a,(b\"")]
    [InlineData("'a),b'")]
    [InlineData(@"""a\"",]b""")]
    [InlineData(@"""a\\""")]
    public void Parse_DefaultIsAText_IsOneParameter(string text)
    {
        var forward = ForwardSignature.Parse(
            $"def forward(self: __torch__.M, x: Tensor, y: Tensor, flag: bool=False, name: str={text}, k: int=3) -> int");

        Assert.Equal(["x", "y", "flag", "name", "k"], forward.Parameters.Select(p => p.Name));
        Assert.True(forward.TakesTensors(2));
        Assert.Equal("int", forward.ReturnType);
    }

    [Theory]
    [InlineData("def forward(self: __torch__.M, input_ids: Tensor) -> Tensor")]
    [InlineData("def forward(self: __torch__.M, a: Tensor, b: Tensor, c: Tensor) -> Tensor")]
    [InlineData("def forward(self: __torch__.M, a: Tensor, b: int) -> Tensor")]
    public void Parse_OtherParameters_AreNotTwoTensors(string header) =>
        Assert.False(ForwardSignature.Parse(header).TakesTensors(2));

    [Theory]
    [InlineData("def forward(self: M, x: Dict[str, Tensor]) -> Dict[str, List[Tensor]]", true)]
    [InlineData("def forward(self: M, x: Dict[str, Tensor]) -> Dict[str, Tensor]", false)]
    [InlineData("def forward(self: M, x: Dict[str, Tensor]) -> Tuple[Tensor, Dict[str, Tensor]]", false)]
    public void GivesOtherDict_OfEachResult_IsRight(string header, bool expected) =>
        Assert.Equal(expected, ForwardSignature.Parse(header).GivesOtherDict);

    [Theory]
    [InlineData("def forward(self: M, x: Tensor")]
    [InlineData("def forward() -> Tensor")]
    [InlineData("def forward(self: M, x: str=\"a) -> Tensor")]
    public void Parse_Damaged_ThrowsModelFormat(string header) =>
        Assert.Throws<ModelFormatException>(() => ForwardSignature.Parse(header));
}
