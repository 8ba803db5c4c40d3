using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

/// <summary>What the reference library answered, and its tokenizer.json in each configuration.</summary>
internal sealed class ReferenceVectors
{
    // Tokenizers of some tens of megabytes each: one at a time is kept.
    private const int LargeFile = 1 << 20;

    private readonly string _tokenizer;
    private readonly JsonObject _configs;
    private readonly ConcurrentDictionary<string, HuggingFaceTokenizer> _loaded = new(StringComparer.Ordinal);

    public ReferenceVectors(string folder)
    {
        Folder = folder;
        _tokenizer = ReadTokenizer(Path.Combine(folder, "tokenizer.json"));
        var charsmap = JsonNode.Parse(_tokenizer)!["normalizer"]?["precompiled_charsmap"]?.GetValue<string>();
        var configs = File.ReadAllText(Path.Combine(folder, "configs.json"));
        _configs = JsonNode.Parse(
            configs.Replace("<same as in tokenizer.json>", charsmap, StringComparison.Ordinal))!.AsObject();
    }

    /// <summary>A small vocabulary of this repository in the configurations that real files do not have.</summary>
    public static ReferenceVectors Small { get; } = new(
        Path.Combine(TestData.Root, "tests", "Inference.Torch.Tests", "Tokenization", "Reference"));

    public string Folder { get; }

    /// <summary>
    /// False with <c>DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1</c>, under which all but NFC and its like stays exact.
    /// </summary>
    public static bool HasIcu { get; } = "\u00E9".Normalize(NormalizationForm.FormD).Length == 2;

    /// <summary>Names of the configurations.</summary>
    public IEnumerable<string> Configs => _configs.Select(static c => c.Key);

    /// <summary>False for a configuration that needs ICU where there is none.</summary>
    public bool CanLoad(string config) =>
        HasIcu || !_configs[config]!.ToJsonString().Contains("\"NF", StringComparison.Ordinal);

    /// <summary>Lines of <c>vectors.jsonl</c> or <c>batches.jsonl</c>, those of a configuration together.</summary>
    public IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(Path.Combine(Folder, file)).Select(static line => JsonDocument.Parse(line).RootElement)
            .OrderBy(static line => line.GetProperty("config").GetString(), StringComparer.Ordinal);

    /// <summary>The tokenizer with a configuration's members in place of its own.</summary>
    public HuggingFaceTokenizer Tokenizer(string config) => _loaded.GetOrAdd(config, Load);

    private HuggingFaceTokenizer Load(string config)
    {
        if (_tokenizer.Length > LargeFile)
        {
            _loaded.Clear();
        }

        return HuggingFaceTokenizer.Load(JsonSerializer.SerializeToUtf8Bytes(Document(config)));
    }

    private static string ReadTokenizer(string path)
    {
        if (File.Exists(path))
        {
            return File.ReadAllText(path);
        }

        using var unpacked = new StreamReader(new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress));
        return unpacked.ReadToEnd();
    }

    /// <summary>The tokenizer.json of a configuration.</summary>
    public JsonObject Document(string config)
    {
        var document = JsonNode.Parse(_tokenizer)!.AsObject();
        foreach (var (name, value) in _configs[config]!.AsObject())
        {
            if (name == "model_overrides")
            {
                foreach (var (member, changed) in value!.AsObject())
                {
                    document["model"]![member] = changed?.DeepClone();
                }
            }
            else
            {
                document[name] = value?.DeepClone();
            }
        }

        return document;
    }
}
