using System.Security.Cryptography;
using System.Text.Json;
using MlCluster.Inference;

namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>Keeps what a rehearsal found out beside the content, so that content is rehearsed once.</summary>
/// <param name="engine">Names the engine: another build or another libtorch may find out other things.</param>
internal sealed class RehearsalStore(string engine)
{
    /// <summary>The kept report; null when there is none for this content, configuration and engine.</summary>
    public RehearsalReport? Find(string folder, FunctionConfig config)
    {
        try
        {
            return RehearsalReportJson.Read(File.ReadAllText(PathOf(folder, config)));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Save(string folder, FunctionConfig config, RehearsalReport report)
    {
        // A crash in between must not leave half a report under the final name.
        var path = PathOf(folder, config);
        File.WriteAllText(path + ".new", RehearsalReportJson.Write(report));
        File.Move(path + ".new", path, overwrite: true);
    }

    private string PathOf(string folder, FunctionConfig config)
    {
        var key = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { config, engine }));
        return Path.Combine(folder, $"rehearsal-{Convert.ToHexStringLower(key.AsSpan(0, 8))}.json");
    }
}
