using Microsoft.Extensions.Time.Testing;
using MlCluster.Messages;
using MlCluster.Node.Ml;

namespace MlCluster.Node.Tests.Ml;

public class UnloadedPlansTests
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(5);
    private readonly FakeTimeProvider _time = new();
    private readonly UnloadedPlans _plans;

    public UnloadedPlansTests() => _plans = new UnloadedPlans(capacity: 2, Age, _time);

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
    public void NewestOf_PlanThatTookItAwayLongAgo_DoesNotCount()
    {
        _plans.Remember(new ModelId("a"), long.MaxValue);
        _time.Advance(Age - TimeSpan.FromTicks(1));
        Assert.Equal(long.MaxValue, _plans.NewestOf(new ModelId("a")));

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(0, _plans.NewestOf(new ModelId("a")));
        _plans.Remember(new ModelId("a"), 1);
        Assert.Equal(1, _plans.NewestOf(new ModelId("a")));
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
