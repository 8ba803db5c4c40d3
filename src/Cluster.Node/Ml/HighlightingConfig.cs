using System.Text.Json;
using MlCluster.Inference;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Ml;

/// <summary>Reads what a registration says about the windows of sentence highlighting (contract 12.6).</summary>
internal static class HighlightingConfig
{
    private const string ModelType = "sentence_highlighting";
    private const string MaxLength = "token_max_length";
    private const string Stride = "token_overlap_stride";
    private const string Overflow = "with_overflowing_tokens";

    // Rows longer than any published model takes.
    private const int MostTokens = 65_536;

    /// <summary>Tells whether a question answering model highlights sentences.</summary>
    public static bool Names(ModelConfig config) =>
        config.ModelType.Equals(ModelType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The windows; what is not said is as OpenSearch has it.</summary>
    /// <exception cref="LoadRefusedException">A value makes no windows.</exception>
    public static WindowConfig Read(ModelConfig config)
    {
        var windows = new WindowConfig(MaxTokens: config.ModelMaxLength ?? new WindowConfig().MaxTokens);
        foreach (var text in (string?[])[config.AllConfig, config.AdditionalConfig])
        {
            windows = text is null ? windows : Read(text, windows);
        }

        if (windows.MaxTokens is < 1 or > MostTokens || windows.Stride < 0 || windows.Stride >= windows.MaxTokens)
        {
            throw new LoadRefusedException(
                $"{MaxLength} {windows.MaxTokens} and {Stride} {windows.Stride} make no windows: the first must be "
                + $"between 1 and {MostTokens}, the second at least 0 and less than the first");
        }

        return windows;
    }

    private static WindowConfig Read(string text, WindowConfig windows)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement, windows)
                : windows;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new LoadRefusedException(
                $"all_config or additional_config cannot be read: {MaxLength} and {Stride} must be whole numbers and "
                + $"{Overflow} true or false ({e.Message})");
        }
    }

    private static WindowConfig Read(JsonElement config, WindowConfig windows) => new(
        config.TryGetProperty(MaxLength, out var length) ? length.GetInt32() : windows.MaxTokens,
        config.TryGetProperty(Stride, out var stride) ? stride.GetInt32() : windows.Stride,
        config.TryGetProperty(Overflow, out var all) ? all.GetBoolean() : windows.All);
}
