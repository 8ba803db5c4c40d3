using MlCluster.Messages.Deployments;
using MlCluster.Messages.Models;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>What the DeploymentSupervisor knows of all models.</summary>
internal static class DeploymentCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.GetDeployments, Wire.GetDeployments.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.DeploymentsReply, Wire.DeploymentsReply.Parser, ToWire, ToRecord),
    ];

    private static Wire.GetDeployments ToWire(GetDeployments query) => new();

    private static GetDeployments ToRecord(Wire.GetDeployments wire) => new();

    private static Wire.DeploymentsReply ToWire(DeploymentsReply reply) =>
        new() { Complete = reply.Complete, Models = { reply.Models.Select(ToWire) }, ClusterUuid = reply.ClusterUuid };

    private static DeploymentsReply ToRecord(Wire.DeploymentsReply wire) =>
        new(wire.Complete, [.. wire.Models.Select(ToRecord)], wire.ClusterUuid);

    private static Wire.ModelDeployment ToWire(ModelDeployment model) => new()
    {
        ModelId = model.ModelId.Value,
        FunctionName = model.FunctionName,
        Status = FromEnum(model.Status),
        ToAllNodes = model.ToAllNodes,
        Nodes = { model.Nodes.Select(SharedCodec.ToWire) },
    };

    private static ModelDeployment ToRecord(Wire.ModelDeployment wire) => new(
        new ModelId(wire.ModelId),
        wire.FunctionName,
        ToEnum<ModelStatus>(wire.Status),
        wire.ToAllNodes,
        [.. wire.Nodes.Select(SharedCodec.ToRecord)]);
}
