using MlCluster.Inference.Scripting;

namespace MlCluster.Inference.Tests.Scripting;

public sealed class ClassCodeTests
{
    private const string TwoClasses =
        """
        class First(Module):
          training : bool
          def forward(self: __torch__.First,
            x: Dict[str, Tensor]) -> Tensor:
            return x["a"]
        class Second(Module):
          def forward(self: __torch__.Second,
            y: Tensor) -> Tensor:
            return y

        """;

    [Fact]
    public void Forward_OfEachClass_IsItsOwn()
    {
        Assert.True(ClassCode.Find("__torch__.First", TwoClasses).Forward().TakesDict);
        Assert.False(ClassCode.Find("__torch__.Second", TwoClasses).Forward().TakesDict);
    }

    [Fact]
    public void With_ClassBeforeAnother_StaysInItsClass()
    {
        var code = ClassCode.Find("__torch__.First", TwoClasses).With("  def added(self):\n    pass\n");

        Assert.Contains("return x[\"a\"]\n  def added(self):\n    pass\nclass Second", code, StringComparison.Ordinal);
        Assert.True(ClassCode.Find("__torch__.First", code).Mentions("added"));
        Assert.False(ClassCode.Find("__torch__.Second", code).Mentions("added"));
    }

    [Fact]
    public void With_LastClass_ExtendsTheEnd() => Assert.EndsWith(
        "return y\n  def added(self):\n    pass\n",
        ClassCode.Find("__torch__.Second", TwoClasses).With("  def added(self):\n    pass\n"),
        StringComparison.Ordinal);

    [Fact]
    public void Find_NoSuchClass_ThrowsModelFormat() =>
        Assert.Throws<ModelFormatException>(() => ClassCode.Find("__torch__.Third", TwoClasses));

    [Fact]
    public void Forward_ClassWithoutOne_ThrowsModelFormat() => Assert.Throws<ModelFormatException>(
        () => ClassCode.Find("__torch__.Empty", "class Empty(Module):\n  training : bool\n").Forward());
}
