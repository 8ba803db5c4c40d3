using System.Text.Json;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Domain.Pretrained;

/// <summary>What a repository says of a model: its <c>config.json</c>, as far as a registration needs it.</summary>
/// <param name="Sha256">Of the archive, lower-case hex.</param>
/// <param name="Description">Null: none.</param>
internal sealed record PretrainedConfig(
    string FunctionName, string? ModelFormat, string Sha256, string? Description, ModelConfig Config)
{
    private const int HashDigits = 64;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is not such a file, or names what is not served.</exception>
    public static PretrainedConfig Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement)
                : throw new FormatException("it is not an object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is System.Text.Json's answer to a text that holds half a surrogate pair.
            throw new FormatException($"it is not JSON: {e.Message}", e);
        }
    }

    /// <summary>What is registered: what was asked for with what the repository says.</summary>
    /// <exception cref="FormatException">The file is of another format than the one asked for.</exception>
    public ModelSpec Complete(ModelSpec asked) =>
        ModelFormat is null || ModelFormat == asked.ModelFormat
            ? asked with
            {
                FunctionName = FunctionName,
                Description = asked.Description ?? Description,
                Config = Config,
            }
            : throw new FormatException($"its model_format is {ModelFormat}, {asked.ModelFormat} was asked for");

    private static PretrainedConfig Read(JsonElement root)
    {
        var function = Served(root, "function_name", ServedNames.Functions)
            ?? Served(root, "model_task_type", ServedNames.Functions)
            ?? throw new FormatException("it has neither function_name nor model_task_type");
        var config = root.TryGetProperty("model_config", out var part) && part.ValueKind == JsonValueKind.Object
            ? PretrainedModelConfig.Read(part)
            : ModelConfigRules.None;
        return ModelConfigRules.Problem(config, function) is { } problem
            ? throw new FormatException(problem)
            : new PretrainedConfig(
                function,
                Served(root, "model_format", ServedNames.Formats),
                Hash(Text(root, "model_content_hash_value")),
                Text(root, "description"),
                config);
    }

    /// <summary>A text member; null: absent.</summary>
    /// <exception cref="FormatException">It is no text.</exception>
    internal static string? Text(JsonElement from, string field) =>
        !from.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new FormatException($"{field} is not a text");

    /// <summary>One of the words that are served, in upper case; null: absent.</summary>
    /// <exception cref="FormatException">Another word.</exception>
    internal static string? Served(JsonElement from, string field, IReadOnlyList<string> served)
    {
        var word = Text(from, field)?.ToUpperInvariant();
        return word is null || served.Contains(word, StringComparer.Ordinal)
            ? word
            : throw new FormatException($"{field} {word} is not served: {string.Join(", ", served)} are");
    }

    private static string Hash(string? text) =>
        text is { Length: HashDigits } && text.All(char.IsAsciiHexDigit)
            ? text.ToLowerInvariant()
            : throw new FormatException("model_content_hash_value is not the SHA-256 of the archive in 64 hex digits");
}
