namespace MlCluster.Node.Tests.Ml.Fakes;

/// <summary>A folder that lives as long as a test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("mlcluster-test-").FullName;

    public string File(string name, string content = "x")
    {
        var path = Path.Combine(FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    // A loader that was told to stop may still write its last file: what it leaves is the system's to sweep.
    public void Dispose()
    {
        try
        {
            Directory.Delete(FullName, recursive: true);
        }
        catch (IOException)
        {
            // It lies in the temporary folder.
        }
    }
}
