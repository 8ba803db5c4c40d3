using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Domain.Documents;

/// <summary>The words of both generations of the API (contract 10.4, 18):
/// stored today's, answered as the dialect wants.</summary>
internal static class Words
{
    /// <summary><c>model_state</c>.</summary>
    public static string Of(ModelStatus status, Dialect dialect) => (status, dialect) switch
    {
        (ModelStatus.Registering, Dialect.Legacy) => "UPLOADING",
        (ModelStatus.Registered, Dialect.Legacy) => "UPLOADED",
        (ModelStatus.Deploying, Dialect.Legacy) => "LOADING",
        (ModelStatus.Deployed, Dialect.Legacy) => "LOADED",
        (ModelStatus.PartiallyDeployed, Dialect.Legacy) => "PARTIALLY_LOADED",
        (ModelStatus.Undeployed, Dialect.Legacy) => "UNLOADED",
        (ModelStatus.DeployFailed, Dialect.Legacy) => "LOAD_FAILED",
        (ModelStatus.Registering, _) => "REGISTERING",
        (ModelStatus.Registered, _) => "REGISTERED",
        (ModelStatus.Deploying, _) => "DEPLOYING",
        (ModelStatus.Deployed, _) => "DEPLOYED",
        (ModelStatus.PartiallyDeployed, _) => "PARTIALLY_DEPLOYED",
        (ModelStatus.Undeployed, _) => "UNDEPLOYED",
        (ModelStatus.DeployFailed, _) => "DEPLOY_FAILED",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "unknown model status"),
    };

    /// <summary><c>task_type</c>.</summary>
    public static string Of(TaskType type, Dialect dialect) => (type, dialect) switch
    {
        (TaskType.RegisterModel, Dialect.Legacy) => "UPLOAD_MODEL",
        (TaskType.DeployModel, Dialect.Legacy) => "LOAD_MODEL",
        (TaskType.RegisterModel, _) => "REGISTER_MODEL",
        (TaskType.DeployModel, _) => "DEPLOY_MODEL",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "unknown task type"),
    };

    /// <summary><c>state</c> of a task: the same in both generations.</summary>
    public static string Of(TaskStatus status) => status switch
    {
        TaskStatus.Created => "CREATED",
        TaskStatus.Running => "RUNNING",
        TaskStatus.Completed => "COMPLETED",
        TaskStatus.CompletedWithError => "COMPLETED_WITH_ERROR",
        TaskStatus.Failed => "FAILED",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "unknown task status"),
    };

    /// <summary><c>access</c> of a model group.</summary>
    public static string Of(AccessMode mode) => mode switch
    {
        AccessMode.Public => "public",
        AccessMode.Private => "private",
        AccessMode.Restricted => "restricted",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "unknown access mode"),
    };

    /// <summary><c>unit</c> of a rate limiter.</summary>
    public static string Of(RateUnit unit) => unit.ToString().ToUpperInvariant();

    /// <summary>What an unload says of a node.</summary>
    public static string OfUnload(bool removed, Dialect dialect) => (removed, dialect) switch
    {
        (false, _) => "not_found",
        (true, Dialect.Legacy) => "deleted",
        (true, _) => "undeployed",
    };

    /// <summary>Field of the last registration.</summary>
    public static string LastRegistered(Dialect dialect) =>
        dialect == Dialect.Legacy ? "last_uploaded_time" : "last_registered_time";

    /// <summary>Field of the last deployment.</summary>
    public static string LastDeployed(Dialect dialect) =>
        dialect == Dialect.Legacy ? "last_loaded_time" : "last_deployed_time";

    /// <summary>Field of the last undeployment.</summary>
    public static string LastUndeployed(Dialect dialect) =>
        dialect == Dialect.Legacy ? "last_unloaded_time" : "last_undeployed_time";
}
