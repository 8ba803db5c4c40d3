using System.Text.Json;
using MlCluster.Inference;

namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>What the node asks of its child; a file that both read.</summary>
/// <param name="Engine">Where libtorch comes from.</param>
/// <param name="MemoryLimitBytes">Beyond the runtime's own.</param>
/// <param name="ResultFile">Where the child writes its <see cref="RehearsalResult"/>.</param>
internal sealed record RehearsalJob(
    ModelPackage Package, TorchRuntimeOptions Engine, long MemoryLimitBytes, TimeSpan Timeout, string ResultFile)
{
    public static RehearsalJob Read(string file) =>
        JsonSerializer.Deserialize<RehearsalJob>(File.ReadAllText(file))
        ?? throw new InvalidDataException($"{file} holds no rehearsal");

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this));
}

/// <summary>How a rehearsal ended that was not killed: a report or the reason against the model.</summary>
/// <param name="Report">As <see cref="RehearsalReportJson"/> writes it.</param>
internal sealed record RehearsalResult(string? Report, string? Error)
{
    /// <summary>Null when the child has written nothing that can be read.</summary>
    public static RehearsalResult? TryRead(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<RehearsalResult>(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this));
}
