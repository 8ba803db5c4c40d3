using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MlCluster.Messages.Models;
using MlCluster.Node.Ml;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml;

public sealed class NodeReportsTests : TestKit
{
    private readonly TestProbe _models;
    private readonly NodeReports _reports;

    public NodeReportsTests()
        : base(Patience.Hocon)
    {
        _models = CreateTestProbe("models");
        _reports = new NodeReports(_models, TestActor);
    }

    [Fact]
    public void Repeat_FinalWord_IsSaidUntilItIsAcknowledged()
    {
        _reports.Say(Word(NodeDeploymentStatus.Loaded));
        _reports.Acknowledge(Acknowledged(NodeDeploymentStatus.Loading));
        _reports.Repeat();
        Assert.Equal(2, Said());

        _reports.Acknowledge(Acknowledged(NodeDeploymentStatus.Loaded));
        _reports.Repeat();

        Assert.Equal(0, Said());
    }

    [Fact]
    public void Repeat_WordOnLoading_IsLeftToTheOneWhoAsks()
    {
        _reports.Say(Word(NodeDeploymentStatus.Failed));
        _reports.Say(Word(NodeDeploymentStatus.Loading));

        _reports.Repeat();

        Assert.Equal(2, Said());
    }

    [Fact]
    public void Repeat_ModelTakenAway_IsOfNoInterestAnyMore()
    {
        _reports.Say(Word(NodeDeploymentStatus.Loaded));
        _reports.Forget(TestModels.Id);

        _reports.Repeat();

        Assert.Equal(1, Said());
    }

    private static ReportNodeDeployment Word(NodeDeploymentStatus status) =>
        new(TestModels.Id, TestModels.Node, 1, 1, status, null);

    private static NodeReportAcknowledged Acknowledged(NodeDeploymentStatus status) =>
        new(TestModels.Id, TestModels.Node, 1, status);

    /// <summary>How many words came since the last call.</summary>
    private int Said()
    {
        _models.Tell(EndMark.Instance);
        var words = 0;
        while (_models.ReceiveOne(Patience.Deadline) is ReportNodeDeployment)
        {
            words++;
        }

        return words;
    }

    private sealed record EndMark
    {
        public static EndMark Instance { get; } = new();
    }
}
