using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Uploads;

namespace MlCluster.Node.Domain.Models;

/// <summary>State + command → answer and events. A command sent twice acts once and is answered the same.</summary>
internal static class ModelDecisions
{
    /// <exception cref="ArgumentException">The command is not known.</exception>
    public static ModelDecision Decide(ModelState state, IModelCommand command, ModelContext context) => command switch
    {
        RegisterModel register => RegistrationDecisions.Register(state, register, context),
        RegisterModelMeta meta => RegistrationDecisions.RegisterMeta(state, meta, context),
        PrepareChunk prepare => ChunkDecisions.Prepare(state, prepare, context),
        DeployModel deploy => DeploymentDecisions.Deploy(state, deploy, context),
        UndeployModel undeploy => UndeploymentDecisions.Undeploy(state, undeploy, context),
        ReportNodeDeployment report => DeploymentDecisions.Report(state, report, context),
        ReconcileModel => ReconcileDecisions.Reconcile(state, command.ModelId, context),
        UpdateModel update => UpdateDecisions.Update(state, update, context),
        SaveController save => ControllerDecisions.Save(state, save, context),
        GetController get => ControllerDecisions.Get(state, get),
        DeleteController delete => ControllerDecisions.Delete(state, delete, context),
        DeleteModel delete => Delete(state, delete, context),
        GetModel get => Get(state, get),
        _ => throw new ArgumentException($"{command.GetType().Name} is not a command of models.", nameof(command)),
    };

    public static ModelDecision NotFound(ModelId model, string reason = "Failed to find model") =>
        ModelDecision.Reject(model, ErrorCode.NotFound, reason);

    public static ModelDecision? DiskRefusal(ModelId model, ModelContext context) =>
        DiskBreaker.Refusal(context.FreeDiskBytes, context.Limits.DiskFreeThresholdBytes) is { } error
            ? ModelDecision.Reply(new ModelRejected(model, error))
            : null;

    private static ModelDecision Get(ModelState state, GetModel query) =>
        ModelDocuments.Of(query.ModelId, state) is { } document
            ? ModelDecision.Reply(document)
            : NotFound(query.ModelId, $"Failed to find model with the provided model id: {query.ModelId}");

    private static ModelDecision Delete(ModelState state, DeleteModel command, ModelContext context)
    {
        if (state.DeletedBy == command.CommandId)
        {
            return ModelDecision.Reply(new ModelDeletedReply(command.ModelId, state.Version));
        }

        if (!state.Exists)
        {
            return NotFound(command.ModelId);
        }

        if (ModelStatusRule.Of(state) is ModelStatus.Deploying or ModelStatus.Deployed or ModelStatus.PartiallyDeployed)
        {
            return ModelDecision.Reject(
                command.ModelId,
                ErrorCode.BadState,
                "Model cannot be deleted in deploying or deployed state. Try undeploy model first then delete");
        }

        var version = state.Version + 1;
        return ModelDecision.Reply(
            new ModelDeletedReply(command.ModelId, version),
            new ModelDeleted(command.ModelId, command.CommandId, version, context.Now));
    }
}
