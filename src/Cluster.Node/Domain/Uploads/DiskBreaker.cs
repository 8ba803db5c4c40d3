using System.Globalization;
using MlCluster.Messages;

namespace MlCluster.Node.Domain.Uploads;

/// <summary>Refuses what writes when the disk is nearly full; what only computes goes on.</summary>
/// <remarks>Text and setting: contract 14.</remarks>
internal static class DiskBreaker
{
    /// <summary>Null: there is room, or nobody knows.</summary>
    public static ProtocolError? Refusal(long? freeBytes, long thresholdBytes) =>
        freeBytes is { } free && free < thresholdBytes
            ? new ProtocolError(ErrorCode.CircuitBreaking, Reason(free, thresholdBytes))
            : null;

    private static string Reason(long free, long threshold) => string.Create(
        CultureInfo.InvariantCulture,
        $"Disk Circuit Breaker is open, please check your resources! {free} bytes are free where data is kept, "
        + $"disk_free_space_threshold is {threshold} bytes: free some space or lower the threshold.");
}
