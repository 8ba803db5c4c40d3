using MlCluster.Messages;
using MlCluster.Node.Ml;

namespace MlCluster.Node.Tests.Ml;

public class UnloadedPlansTests
{
    private readonly UnloadedPlans _plans = new(capacity: 2);

    [Fact]
    public void NewestOf_UnknownModel_IsBeforeEveryPlan() => Assert.Equal(0, _plans.NewestOf(new ModelId("a")));

    [Fact]
    public void Remember_OlderPlanLater_KeepsTheNewest()
    {
        _plans.Remember(new ModelId("a"), 7);
        _plans.Remember(new ModelId("a"), 5);

        Assert.Equal(7, _plans.NewestOf(new ModelId("a")));
    }

    [Fact]
    public void Remember_MoreModelsThanItHolds_ForgetsTheOneUnloadedLongestAgo()
    {
        _plans.Remember(new ModelId("a"), 1);
        _plans.Remember(new ModelId("b"), 2);
        _plans.Remember(new ModelId("a"), 3);

        _plans.Remember(new ModelId("c"), 4);

        Assert.Equal([3, 0, 4], new[] { "a", "b", "c" }.Select(id => _plans.NewestOf(new ModelId(id))));
    }
}
