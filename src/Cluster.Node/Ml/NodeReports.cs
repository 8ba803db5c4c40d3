using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Ml;

/// <summary>The node's last word on each model that its ModelActor has not acknowledged yet.</summary>
internal sealed class NodeReports(IActorRef modelRegion, IActorRef self)
{
    /// <summary>Who gets the answers.</summary>
    public IActorRef Sender => self;

    private readonly Dictionary<ModelId, ReportNodeDeployment> _open = [];

    /// <summary>Says it now; a final word is said again until it is acknowledged.</summary>
    public void Say(ReportNodeDeployment report)
    {
        // The sender of the command repeats it until it hears something: Loading needs no care of its own.
        if (report.Status == NodeDeploymentStatus.Loading)
        {
            _open.Remove(report.ModelId);
        }
        else
        {
            _open[report.ModelId] = report;
        }

        modelRegion.Tell(report, self);
    }

    public void Repeat()
    {
        foreach (var report in _open.Values)
        {
            modelRegion.Tell(report, self);
        }
    }

    public void Acknowledge(NodeReportAcknowledged reply)
    {
        if (_open.TryGetValue(reply.ModelId, out var report)
            && report.PlanVersion == reply.PlanVersion
            && report.Status == reply.Status)
        {
            _open.Remove(reply.ModelId);
        }
    }

    /// <summary>The model was taken away: what was said of it is of no interest any more.</summary>
    public void Forget(ModelId model) => _open.Remove(model);
}
