namespace MlCluster.Node.Data;

/// <summary>Free space of the file system that holds a folder, looked at most once a second.</summary>
internal sealed class FreeDisk(string folder, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _looking = new();
    private long? _bytes;
    private long? _looked;

    /// <summary>Null: unknown.</summary>
    public long? Bytes()
    {
        lock (_looking)
        {
            if (_looked is not { } before || time.GetElapsedTime(before) > Freshness)
            {
                _bytes = Look();
                _looked = time.GetTimestamp();
            }

            return _bytes;
        }
    }

    private long? Look()
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
}
