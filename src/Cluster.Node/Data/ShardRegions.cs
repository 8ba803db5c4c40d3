using Akka.Cluster.Sharding;
using MlCluster.Messages;
using MlCluster.Node.Data.Groups;

namespace MlCluster.Node.Data;

/// <summary>Actor registry's key of the models' shard region, or of its proxy on a node without the role.</summary>
internal sealed class ModelRegion;

/// <summary>Key of the tasks' shard region or proxy.</summary>
internal sealed class TaskRegion;

/// <summary>Key of the shard region of model groups and their names, or of its proxy.</summary>
internal sealed class ModelGroupRegion;

/// <summary>Key of the proxy of the DeploymentSupervisor.</summary>
internal sealed class SupervisorProxy;

/// <summary>Key of the proxy of the SettingsActor.</summary>
internal sealed class SettingsProxy;

/// <summary>Names and numbers that every node of a cluster must agree on for its whole life.</summary>
internal static class ShardRegions
{
    public const string Model = "model";
    public const string Task = "task";
    public const string ModelGroup = "model-group";
    public const string Supervisor = "deployment-supervisor";
    public const string DocumentProjector = "document-projector";
    public const string SupervisorProxyName = "supervisor-proxy";
    public const string Settings = "cluster-settings";
    public const string SettingsProxyName = "settings-proxy";

    // Ten times the most data nodes we think of; frozen, since it decides which shard an id is in.
    private const int ShardCount = 100;

    public static IMessageExtractor ModelExtractor { get; } = new ModelIds();

    public static IMessageExtractor TaskExtractor { get; } = new TaskIds();

    public static IMessageExtractor ModelGroupExtractor { get; } = new ModelGroupIds();

    private sealed class ModelIds() : HashCodeMessageExtractor(ShardCount)
    {
        public override string? EntityId(object message) => (message as IWithModelId)?.ModelId.Value;
    }

    private sealed class TaskIds() : HashCodeMessageExtractor(ShardCount)
    {
        public override string? EntityId(object message) => (message as IWithTaskId)?.TaskId.Value;
    }

    private sealed class ModelGroupIds() : HashCodeMessageExtractor(ShardCount)
    {
        public override string? EntityId(object message) => GroupEntities.IdOf(message);
    }
}
