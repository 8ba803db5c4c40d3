namespace MlCluster.Node.Hosting.Tls;

/// <summary>Reads a file that an option names.</summary>
internal static class TlsFile
{
    /// <exception cref="StartupException">It cannot be read.</exception>
    public static byte[] Read(string option, string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"{option} [{path}] cannot be read: {e.Message} Correct the path, or let the node's user read it", e);
        }
    }
}
