using MlCluster.Compose.Planning;
using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Tests.Planning;

public sealed class StartOrderTests
{
    [Fact]
    public void Of_Dependencies_ComeFirst()
    {
        var order = StartOrder.Of([Service("a", "b", "c"), Service("b", "c"), Service("c"), Service("d")]);

        Assert.Equal(["c", "b", "a", "d"], order.Select(s => s.Name));
    }

    [Fact]
    public void Of_Circle_IsRefused() =>
        Assert.Throws<ComposeException>(() => StartOrder.Of([Service("a", "b"), Service("b", "a")]));

    private static ComposeService Service(string name, params string[] dependsOn) => new(name)
    {
        DependsOn = dependsOn.ToDictionary(d => d, _ => DependencyCondition.Started),
    };
}
