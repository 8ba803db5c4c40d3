using MlCluster.Messages.Profile;

namespace MlCluster.Messages.Statistics;

/// <summary>Gateway → any node: what have you counted. Answer: <see cref="NodeStatisticsReply"/>.</summary>
public sealed record GetNodeStatistics : IClusterProtocol;

/// <summary>
/// ModelActor → every node: the model is gone for good; what was counted for it is that of no model any more. No
/// answer.
/// </summary>
public sealed record ForgetModelStatistics(ModelId ModelId) : IClusterProtocol;

/// <summary>What a process has counted since it began.</summary>
/// <param name="Actions">By model; an action that nobody asked for is absent.</param>
public sealed record NodeStatisticsReply(NodeId NodeId, NodeNumbers Numbers, IReadOnlyList<ActionStatistics> Actions)
    : IClusterProtocol
{
    /// <summary>What the node's machine is busy with; null: an older version, which does not tell.</summary>
    public MachineLoad? Load { get; init; }

    /// <summary>Of a gateway: the predictions that it routed.</summary>
    public IReadOnlyList<RoutedPredictions> Routed { get; init; } = [];

    /// <summary>What its process takes; null: an older version, which does not tell.</summary>
    public ProcessLoad? Process { get; init; }
}

/// <summary>What a process takes.</summary>
/// <param name="UptimeMillis">Since it began.</param>
/// <param name="CpuMillis">Processor time since then, of all threads.</param>
/// <param name="ResidentBytes">Memory that it holds.</param>
/// <param name="VirtualBytes">Addresses that it holds.</param>
/// <param name="HeapBytes">Managed heap; models are not on it.</param>
/// <param name="LimitBytes">Memory that the process may use.</param>
/// <param name="OpenFiles">Files and sockets; null: the machine does not tell.</param>
public sealed record ProcessLoad(
    long UptimeMillis,
    long CpuMillis,
    long ResidentBytes,
    long VirtualBytes,
    long HeapBytes,
    long LimitBytes,
    int Threads,
    int? OpenFiles);

/// <summary>What a machine is busy with; null: it does not tell.</summary>
/// <param name="RamPercent">Memory in use, 0–100.</param>
/// <param name="CpuPercent">Processor time in use of late, 0–100.</param>
/// <param name="Load1">Average number of threads that run or wait to, over a minute.</param>
/// <param name="Load5">The same over five minutes.</param>
/// <param name="Load15">The same over fifteen minutes.</param>
public sealed record MachineLoad(int? RamPercent, int? CpuPercent, double? Load1, double? Load5, double? Load15);

/// <summary>Whole predictions on the gateway that received and routed them.</summary>
/// <param name="Times">Of the last ones that were answered with results, from the body to the results.</param>
public sealed record RoutedPredictions(ModelId ModelId, LatencySummary Times);

/// <summary>Numbers of a node as a whole.</summary>
/// <param name="HeapPercent">Managed heap ÷ memory that the process may use, 0–100.</param>
/// <param name="ExecutingTasks">Loads, downloads and predictions under way.</param>
/// <param name="Requests">Of all actions, failed ones included.</param>
/// <param name="Failures">Of all actions.</param>
/// <param name="DeployedModels">Models in service.</param>
/// <param name="Refusals">Work for which there was no room: a full queue, memory, disk.</param>
public sealed record NodeNumbers(
    int HeapPercent, long ExecutingTasks, long Requests, long Failures, int DeployedModels, long Refusals);

/// <summary>One action on one model.</summary>
/// <param name="ModelId">Null: on all models that are gone.</param>
/// <param name="Action"><c>register</c>, <c>deploy</c>, <c>undeploy</c> or <c>predict</c>.</param>
/// <param name="Requests">Failed ones included.</param>
public sealed record ActionStatistics(
    string FunctionName, ModelId? ModelId, string Action, long Requests, long Failures);
