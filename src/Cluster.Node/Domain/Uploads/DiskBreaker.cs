using System.Globalization;
using MlCluster.Messages;

namespace MlCluster.Node.Domain.Uploads;

/// <summary>Refuses what writes when the disk is nearly full; what only computes goes on.</summary>
/// <remarks>Text and setting: contract 14.</remarks>
internal static class DiskBreaker
{
    /// <param name="freeBytes">Null: nobody knows.</param>
    /// <param name="thresholdBytes">0: it refuses nothing.</param>
    /// <param name="neededBytes">What is about to be written, as far as it is known.</param>
    /// <param name="reservedBytes">What others have leave to write, and have not yet.</param>
    /// <returns>Null: there is room.</returns>
    public static ProtocolError? Refusal(
        long? freeBytes, long thresholdBytes, long neededBytes = 0, long reservedBytes = 0) =>
        thresholdBytes > 0 && freeBytes is { } free && free - neededBytes - reservedBytes < thresholdBytes
            ? new ProtocolError(
                ErrorCode.CircuitBreaking, Reason(free, thresholdBytes, neededBytes, reservedBytes))
            : null;

    private static string Reason(long free, long threshold, long needed, long reserved)
    {
        var more = needed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{needed} more are needed, ") : "";
        more += reserved > 0
            ? string.Create(CultureInfo.InvariantCulture, $"loads under way are going to take {reserved}, ")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Disk Circuit Breaker is open, please check your resources! {free} bytes are free where data is kept, "
            + $"{more}disk_free_space_threshold is {threshold} bytes: free some space or lower the threshold.");
    }
}
