using Microsoft.Extensions.Time.Testing;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.Serving;

public sealed class ServingGateTests
{
    private static readonly RateLimiter TwoAMinute = new("2", RateUnit.Minutes);

    private static readonly PredictRequest Request = new(
        TestModels.Id, "r", ["today is sunny"], null, null, true, TimeSpan.FromSeconds(5));

    private readonly FakeTimeProvider _time = new();
    private int _nodes = 1;

    [Fact]
    public void Refusal_NoRules_LetsThrough() => Assert.Null(Gate().Refusal(Request));

    [Fact]
    public void Refusal_Disabled_IsForbiddenUntilItIsEnabledAgain()
    {
        var gate = Gate(new ServingRules(0, false, null));

        Assert.Equal(new ProtocolError(ErrorCode.Forbidden, "Model is disabled."), gate.Refusal(Request));
        Assert.NotNull(gate.Refusal(Request with { IsContinuation = true }));
        gate.Apply(new ServingRules(3, true, null));
        Assert.Null(gate.Refusal(Request));
    }

    [Fact]
    public void Apply_OlderRules_ChangeNothing()
    {
        var gate = Gate(new ServingRules(3, false, null));

        gate.Apply(new ServingRules(2, true, null));

        Assert.NotNull(gate.Refusal(Request));
    }

    [Fact]
    public void Refusal_BeyondTheLimit_IsThrottledUntilTimeHasPassed()
    {
        var gate = Gate(new ServingRules(0, true, TwoAMinute));
        Assert.Null(gate.Refusal(Request));
        Assert.Null(gate.Refusal(Request));

        Assert.Equal(
            new ProtocolError(ErrorCode.Throttled, "Request is throttled at model level."), gate.Refusal(Request));
        // The rest of a request that was let through.
        Assert.Null(gate.Refusal(Request with { IsContinuation = true }));
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Null(gate.Refusal(Request));
        Assert.NotNull(gate.Refusal(Request));
    }

    [Fact]
    public void Refusal_SeveralNodes_ShareTheLimit()
    {
        _nodes = 2;
        var gate = Gate(new ServingRules(0, true, TwoAMinute));

        Assert.Null(gate.Refusal(Request));
        Assert.NotNull(gate.Refusal(Request));
    }

    [Fact]
    public void Apply_OtherLimit_BeginsAnewAndTheSameGoesOn()
    {
        var gate = Gate(new ServingRules(0, true, TwoAMinute));
        gate.Refusal(Request);
        gate.Refusal(Request);

        gate.Apply(new ServingRules(1, true, TwoAMinute));
        Assert.NotNull(gate.Refusal(Request));
        gate.Apply(new ServingRules(2, true, new RateLimiter("1", RateUnit.Hours)));

        Assert.Null(gate.Refusal(Request));
        Assert.NotNull(gate.Refusal(Request));
    }

    [Fact]
    public void Refusal_LimitWithoutUnit_LetsThrough()
    {
        var gate = Gate(new ServingRules(0, true, new RateLimiter("1", null)));

        Assert.Null(gate.Refusal(Request));
        Assert.Null(gate.Refusal(Request));
    }

    private ServingGate Gate(ServingRules? rules = null)
    {
        var gate = new ServingGate(() => _nodes, _time);
        if (rules is not null)
        {
            gate.Apply(rules);
        }

        return gate;
    }
}
