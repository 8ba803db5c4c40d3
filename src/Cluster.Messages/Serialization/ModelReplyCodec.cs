using MlCluster.Messages.Models;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Answers of ModelActor.</summary>
internal static class ModelReplyCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.ModelAccepted, Wire.ModelAccepted.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelRejected, Wire.ModelRejected.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ChunkWriterReady, Wire.ChunkWriterReady.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelUndeployed, Wire.ModelUndeployed.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelDeletedReply, Wire.ModelDeletedReply.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.NodeReportAcknowledged, Wire.NodeReportAcknowledged.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ModelDocument, Wire.ModelDocument.Parser, ToWire, ToRecord),
    ];

    private static Wire.ModelAccepted ToWire(ModelAccepted reply) => new() { ModelId = reply.ModelId.Value };

    private static ModelAccepted ToRecord(Wire.ModelAccepted wire) => new(new ModelId(wire.ModelId));

    private static Wire.ModelRejected ToWire(ModelRejected reply) =>
        new() { ModelId = reply.ModelId.Value, Error = reply.Error.ToWire() };

    private static ModelRejected ToRecord(Wire.ModelRejected wire) =>
        new(new ModelId(wire.ModelId), Required(wire.Error).ToRecord());

    private static Wire.ChunkWriterReady ToWire(ChunkWriterReady reply) =>
        new() { ModelId = reply.ModelId.Value, WriterPath = reply.WriterPath };

    private static ChunkWriterReady ToRecord(Wire.ChunkWriterReady wire) =>
        new(new ModelId(wire.ModelId), wire.WriterPath);

    private static Wire.ModelUndeployed ToWire(ModelUndeployed reply)
    {
        var wire = new Wire.ModelUndeployed { ModelId = reply.ModelId.Value, Dialect = FromEnum(reply.Dialect) };
        foreach (var (node, removed) in reply.Removed)
        {
            wire.Removed.Add(node, removed);
        }

        return wire;
    }

    private static ModelUndeployed ToRecord(Wire.ModelUndeployed wire) => new(
        new ModelId(wire.ModelId),
        new Dictionary<string, bool>(wire.Removed, StringComparer.Ordinal),
        ToEnum<Dialect>(wire.Dialect));

    private static Wire.ModelDeletedReply ToWire(ModelDeletedReply reply) =>
        new() { ModelId = reply.ModelId.Value, Version = reply.Version };

    private static ModelDeletedReply ToRecord(Wire.ModelDeletedReply wire) =>
        new(new ModelId(wire.ModelId), wire.Version);

    private static Wire.NodeReportAcknowledged ToWire(NodeReportAcknowledged reply) => new()
    {
        ModelId = reply.ModelId.Value,
        NodeId = reply.NodeId.Value,
        PlanVersion = reply.PlanVersion,
        Status = FromEnum(reply.Status),
    };

    private static NodeReportAcknowledged ToRecord(Wire.NodeReportAcknowledged wire) => new(
        new ModelId(wire.ModelId),
        new NodeId(wire.NodeId),
        wire.PlanVersion,
        ToEnum<NodeDeploymentStatus>(wire.Status));

    private static Wire.ModelDocument ToWire(ModelDocument document) => new()
    {
        ModelId = document.ModelId.Value,
        Spec = document.Spec.ToWire(),
        Status = FromEnum(document.Status),
        Dialect = FromEnum(document.Dialect),
        Version = document.Version,
        Content = ToWire(document.Content),
        Times = document.Times.ToWire(),
        DeployToAllNodes = document.DeployToAllNodes,
        Nodes = { document.Nodes.Select(SharedCodec.ToWire) },
        IsControllerEnabled = document.IsControllerEnabled,
    };

    private static ModelDocument ToRecord(Wire.ModelDocument wire) => new(
        new ModelId(wire.ModelId),
        Required(wire.Spec).ToRecord(),
        ToEnum<ModelStatus>(wire.Status),
        ToEnum<Dialect>(wire.Dialect),
        wire.Version,
        ToRecord(Required(wire.Content)),
        Required(wire.Times).ToRecord(),
        wire.DeployToAllNodes,
        [.. wire.Nodes.Select(SharedCodec.ToRecord)])
    {
        IsControllerEnabled = wire.IsControllerEnabled,
    };

    private static Wire.ModelContent ToWire(ModelContent content) => new()
    {
        SizeBytes = content.SizeBytes,
        Sha256 = content.Sha256,
        TotalChunks = content.TotalChunks,
        ReceivedChunks = content.ReceivedChunks,
        Problem = content.Problem,
    };

    private static ModelContent ToRecord(Wire.ModelContent wire) =>
        new(wire.SizeBytes, wire.Sha256, wire.TotalChunks, wire.ReceivedChunks) { Problem = wire.Problem };
}
