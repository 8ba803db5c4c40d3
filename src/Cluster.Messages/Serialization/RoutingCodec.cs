using MlCluster.Messages.Routing;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>What each node publishes of itself.</summary>
internal static class RoutingCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.NodeDeployments, Wire.NodeDeployments.Parser, ToWire, ToRecord),
    ];

    private static Wire.NodeDeployments ToWire(NodeDeployments node) => new()
    {
        NodeId = node.NodeId.Value,
        Name = node.Name,
        Address = node.Address,
        Incarnation = node.Incarnation,
        Roles = { node.Roles },
        HttpAddress = node.HttpAddress,
        Devices = { node.Devices.Select(ToWire) },
        Draining = node.Draining,
        Models = { node.Models.Select(ToWire) },
        Capacity = node.Capacity is { } capacity ? ToWire(capacity) : null,
    };

    private static Wire.NodeCapacity ToWire(NodeCapacity capacity) =>
        new() { MaxModels = capacity.MaxModels, MemoryBytes = capacity.MemoryBytes };

    private static NodeDeployments ToRecord(Wire.NodeDeployments wire) => new(
        new NodeId(wire.NodeId),
        wire.Name,
        wire.Address,
        wire.Incarnation,
        [.. wire.Roles],
        wire.HttpAddress,
        [.. wire.Devices.Select(ToRecord)],
        wire.Draining,
        [.. wire.Models.Select(ToRecord)])
    {
        Capacity = wire.Capacity is { } capacity ? new NodeCapacity(capacity.MaxModels, capacity.MemoryBytes) : null,
    };

    private static Wire.NodeDevice ToWire(NodeDevice device) =>
        new() { Name = device.Name, Description = device.Description, MemoryBytes = device.MemoryBytes };

    private static NodeDevice ToRecord(Wire.NodeDevice wire) => new(wire.Name, wire.Description, wire.MemoryBytes);

    private static Wire.ServedModel ToWire(ServedModel model) => new()
    {
        ModelId = model.ModelId.Value,
        FunctionName = model.FunctionName,
        Device = model.Device,
        Batching = model.Batching,
        Outputs = { model.Outputs.Select(ToWire) },
        SizeBytes = model.SizeBytes,
        MaxTokens = model.MaxTokens,
        InterfaceVersion = model.InterfaceVersion,
    };

    private static ServedModel ToRecord(Wire.ServedModel wire) => new(
        new ModelId(wire.ModelId),
        wire.FunctionName,
        wire.Device,
        wire.Batching,
        [.. wire.Outputs.Select(ToRecord)],
        wire.SizeBytes,
        wire.MaxTokens)
    {
        InterfaceVersion = wire.InterfaceVersion,
    };

    private static Wire.ServedOutput ToWire(ServedOutput output) =>
        new() { Name = output.Name, Kind = FromEnum(output.Kind), BytesPerUnit = output.BytesPerUnit };

    private static ServedOutput ToRecord(Wire.ServedOutput wire) =>
        new(wire.Name, ToEnum<TensorKind>(wire.Kind), wire.BytesPerUnit);
}
