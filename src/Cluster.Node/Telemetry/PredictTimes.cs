using System.Runtime.InteropServices;

namespace MlCluster.Node.Telemetry;

/// <summary>What the stages of one prediction took.</summary>
/// <param name="Total">From its arrival on this node to its answer.</param>
/// <param name="Tokenize">Until the first documents were queued.</param>
/// <param name="Queue">From then until the first forward began.</param>
/// <param name="Forward">From then until the last forward ended.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PredictTimes(TimeSpan Total, TimeSpan Tokenize, TimeSpan Queue, TimeSpan Forward);
