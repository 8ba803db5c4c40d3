using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain;

/// <summary>What counts as progress, and what becomes of a task without any.</summary>
public class TaskDeadlineTests : TaskKit
{
    [Fact]
    public void Sweep_NoProgressForTooLong_Fails()
    {
        Do(Create(TaskType.DeployModel));
        Now += 599_000;
        Do(new ReportProgress(Id, 0.1f, null));
        Now += 600_000;
        Do(new SweepTask(Id));
        Assert.Equal(TaskStatus.Running, State.Status);

        Now += 1;
        Do(new SweepTask(Id));

        Assert.Equal(TaskStatus.Failed, State.Status);
        Assert.Equal("timeout after 600 seconds", State.Error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("node-a")]
    public void Sweep_TheSameNumberAgainAndAgain_Fails(string? node)
    {
        Do(Create(TaskType.DeployModel));
        for (var i = 0; i < 7; i++)
        {
            Do(new ReportProgress(Id, 0.4f, null, node is null ? null : new NodeId(node)));
            Do(new SweepTask(Id));
            Now += 100_001;
        }

        Do(new SweepTask(Id));

        Assert.Equal(TaskStatus.Failed, State.Status);
    }

    [Fact]
    public void Sweep_NodeMovesBehindAnother_GoesOn()
    {
        Do(Create(TaskType.DeployModel));
        Do(new ReportProgress(Id, 0.9f, null, Some.NodeA));
        foreach (var progress in new[] { 0.1f, 0.2f, 0.3f })
        {
            Now += 500_000;
            Do(new ReportProgress(Id, progress, null, Some.NodeB));
            Do(new SweepTask(Id));
        }

        Assert.Equal(TaskStatus.Running, State.Status);
        Assert.Equal(0.6f, Document().Progress!.Value, 1e-6f);
        Assert.Equal(Now, Document().LastUpdateTime);
    }

    [Fact]
    public void Sweep_NodeBeginsAgainForEver_Fails()
    {
        Do(Create(TaskType.DeployModel));
        for (var i = 0; i < 10; i++)
        {
            Do(new ReportProgress(Id, i % 2 * 0.7f, null, Some.NodeA));
            Do(new SweepTask(Id));
            Now += 100_001;
        }

        Assert.Equal(TaskStatus.Failed, State.Status);
    }

    [Fact]
    public void Sweep_Registration_LeavesItsModelTimeToEndIt()
    {
        Do(Create(TaskType.RegisterModel));
        Now += 1_200_000;
        Do(new SweepTask(Id));
        Assert.Equal(TaskStatus.Created, State.Status);

        Now += 1;
        Do(new SweepTask(Id));

        Assert.Equal("timeout after 1200 seconds", State.Error);
    }

    [Fact]
    public void Sweep_OwnerDiesAgainAndAgain_FailsAtTheSameMoment()
    {
        Do(Create(TaskType.DeployModel));
        for (var i = 0; i < 6; i++)
        {
            Now += 100_000;
            Resume();
            Do(new ReportProgress(Id, 0.4f, null, Some.NodeA));
            Do(new ReportProgress(Id, 0.4f, null));
            Do(new SweepTask(Id));
            Assert.Equal(TaskStatus.Running, State.Status);
        }

        // The last owner came at the deadline.
        Now += 60_001;
        Do(new SweepTask(Id));

        Assert.Equal(TaskStatus.Failed, State.Status);
        Assert.Equal("timeout after 600 seconds", State.Error);
    }

    [Theory]
    [InlineData(TaskType.DeployModel, 60_000)]
    [InlineData(TaskType.RegisterModel, 660_000)]
    public void Sweep_NobodyHadItAtItsDeadline_LeavesItAGrace(TaskType type, long grace)
    {
        Do(Create(type));
        Now += 86_400_000;
        Resume();
        Now += grace;
        Do(new SweepTask(Id));
        Assert.True(State.IsOpen);

        Now += 1;
        Do(new SweepTask(Id));

        Assert.Equal(TaskStatus.Failed, State.Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("node-a")]
    public void Sweep_MovesInItsGrace_HasTheWholeTimeAgain(string? node)
    {
        Do(Create(TaskType.DeployModel));
        Now += 86_400_000;
        Resume();
        foreach (var progress in new[] { 0.4f, 0.5f })
        {
            Do(new ReportProgress(Id, progress, null, node is null ? null : new NodeId(node)));
            Now += 30_000;
        }

        Now += 570_000;
        Do(new SweepTask(Id));
        Assert.Equal(TaskStatus.Running, State.Status);

        Now += 1;
        Do(new SweepTask(Id));

        Assert.Equal(TaskStatus.Failed, State.Status);
    }

    [Fact]
    public void Progress_Moves_LastUpdateTimeMovesToo()
    {
        Do(Create(TaskType.RegisterModel));
        Do(new ReportProgress(Id, 0.1f, Some.Model));
        Now += 10;
        Do(new ReportProgress(Id, 0.1f, Some.Model));
        Assert.Equal(1_000, Document().LastUpdateTime);

        Do(new ReportProgress(Id, 0.2f, Some.Model));

        Assert.Equal(1_010, Document().LastUpdateTime);
    }
}
