using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Tasks;

namespace MlCluster.Node.Ml;

/// <summary>
/// The models of this node, and what others hear of them: the routing, their ModelActors, their tasks.
/// </summary>
internal sealed class HostedModels(HostSetup setup, NodeReports reports)
{
    private readonly Dictionary<ModelId, HostedModel> _models = [];

    public IReadOnlyCollection<HostedModel> All => _models.Values;

    public NodeId NodeId => setup.Local.Current!.NodeId;

    /// <summary>Null: the node has nothing of the model.</summary>
    public HostedModel? Find(ModelId id) => _models.GetValueOrDefault(id);

    public void Set(HostedModel model) => _models[model.Command.ModelId] = model;

    public void Remove(ModelId id) => _models.Remove(id);

    /// <summary>The model is given up, by a fault: it stays known until it is wanted anew or taken away.</summary>
    public void Fail(HostedModel model, string reason)
    {
        Set(new HostedModel(model.Command, ModelStage.Failed)
        {
            Error = reason, NoRoom = model.NoRoom, Content = model.Content,
        });
        Publish();
        Report(model.Command.ModelId);
    }

    /// <summary>Tells the routing what is served.</summary>
    public void Publish() =>
        setup.Local.SetModels([.. _models.Values.Where(m => m.Entry is not null).Select(m => m.Entry!)]);

    /// <summary>Tells the ModelActor how its model is here.</summary>
    public void Report(ModelId id)
    {
        var model = _models[id];
        var error = model.Stage == ModelStage.Failed ? model.Error : null;
        var incarnation = setup.Local.Current!.Incarnation;
        reports.Say(new ReportNodeDeployment(
            id,
            NodeId,
            incarnation,
            model.Command.PlanVersion,
            model.Status,
            error,
            model.NoRoom,
            model.Content?.ModelBytes));
    }

    /// <summary>Tells tasks that their loads go on.</summary>
    public void TellProgress()
    {
        foreach (var model in _models.Values.Where(m => m.Status == NodeDeploymentStatus.Loading))
        {
            if (model.Command.TaskId is { } task && model.Stage != ModelStage.Draining)
            {
                setup.TaskRegion.Tell(
                    new ReportProgress(task, model.Progress, model.Command.ModelId, NodeId), reports.Sender);
            }
        }
    }
}
