using Akka.Configuration;

namespace MlCluster.Node.Data;

/// <summary>How full the disk of a node is, and how full it may be.</summary>
internal static class FreeDisk
{
    private const string Setting = "mlcluster.disk-free-space-threshold";
    private const long Default = 5L << 30;

    /// <summary>Free space of the file system that holds a folder; null: unknown.</summary>
    public static long? BytesAt(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Less free space than this refuses what writes; 0: nothing is refused.</summary>
    /// <remarks>OpenSearch's <c>plugins.ml_commons.disk_free_space_threshold</c>, where -1 switches it off.</remarks>
    public static long ThresholdOf(Config root)
    {
        var text = root.GetString(Setting, "").Trim();
        return text.StartsWith('-') ? 0 : root.GetByteSize(Setting, Default) ?? Default;
    }
}
