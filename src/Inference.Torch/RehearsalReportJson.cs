using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlCluster.Inference;

/// <summary>Stores a rehearsal's findings beside the files, and carries them out of the child process.</summary>
public static partial class RehearsalReportJson
{
    /// <summary>Grows when a rehearsal finds out more or judges otherwise: older reports are then made again.</summary>
    private const int Version = 4;

    /// <summary>Writes a report as one line of JSON.</summary>
    public static string Write(RehearsalReport report) =>
        JsonSerializer.Serialize(new Stored(Version, report), Format.Default.Stored);

    /// <summary>
    /// Reads a report; null when the text is damaged or of another version, so the rehearsal is to be repeated.
    /// </summary>
    public static RehearsalReport? Read(string json)
    {
        try
        {
            var stored = JsonSerializer.Deserialize(json, Format.Default.Stored);
            return stored is { Version: Version, Report.Outputs: not null } ? stored.Report : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal sealed record Stored(int Version, RehearsalReport Report);

    [JsonSerializable(typeof(Stored))]
    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
    internal sealed partial class Format : JsonSerializerContext;
}
