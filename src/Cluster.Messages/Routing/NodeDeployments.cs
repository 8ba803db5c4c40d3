namespace MlCluster.Messages.Routing;

/// <summary>What one node says of itself; published by it alone through distributed data, keyed by its address and
/// uid.</summary>
/// <param name="Address">Akka address of its actor system.</param>
/// <param name="Incarnation">The address uid: another one for every process.</param>
/// <param name="HttpAddress">Where REST or health listens, <c>host:port</c>; null when nothing listens.</param>
/// <param name="Devices">Devices of an ml node, the preferred one first; names as PyTorch has them.</param>
/// <param name="Draining">True from the moment it leaves on purpose.</param>
public sealed record NodeDeployments(
    NodeId NodeId,
    string Name,
    string Address,
    long Incarnation,
    IReadOnlyList<string> Roles,
    string? HttpAddress,
    IReadOnlyList<NodeDevice> Devices,
    bool Draining,
    IReadOnlyList<ServedModel> Models) : IClusterProtocol
{
    /// <summary>What it takes; null until it knows.</summary>
    public NodeCapacity? Capacity { get; init; }
}

/// <summary>What an ml node takes at most.</summary>
/// <param name="MaxModels">Models that it loads or serves.</param>
/// <param name="MemoryBytes">Memory for models on its preferred device, in bytes; null when unknown.</param>
public sealed record NodeCapacity(int MaxModels, long? MemoryBytes);

/// <summary>A device and its memory in bytes; null when unknown.</summary>
public sealed record NodeDevice(string Name, string Description, long? MemoryBytes);

/// <summary>One model that a node serves now.</summary>
/// <param name="Device">Where, such as <c>cpu</c>.</param>
/// <param name="Batching">How its documents are grouped: <c>padded</c>, <c>equal_length</c>, <c>one_by_one</c>,
/// <c>exclusive</c>.</param>
/// <param name="Outputs">Sizes of its outputs, for splitting requests by their replies.</param>
/// <param name="SizeBytes">Bytes that its memory is reckoned by: of its archive, or of its model's file where that is
/// larger.</param>
public sealed record ServedModel(
    ModelId ModelId,
    string FunctionName,
    string Device,
    string Batching,
    IReadOnlyList<ServedOutput> Outputs,
    long SizeBytes,
    int MaxTokens)
{
    /// <summary><see cref="Models.ServingRules.InterfaceVersion"/> on this node.</summary>
    public long InterfaceVersion { get; init; }
}

/// <summary>One output; see <c>OutputInfo</c> of the engine.</summary>
public sealed record ServedOutput(string? Name, TensorKind Kind, long BytesPerUnit);

/// <summary>What <see cref="ServedOutput.BytesPerUnit"/> counts.</summary>
public enum TensorKind
{
    /// <summary>Bytes of one document.</summary>
    PerDocument = 1,

    /// <summary>Bytes of one token.</summary>
    PerToken = 2,
}
