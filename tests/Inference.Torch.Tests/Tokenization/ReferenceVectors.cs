using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

/// <summary>What the reference library answered, and its tokenizer.json in each configuration.</summary>
internal sealed class ReferenceVectors
{
    private readonly string _tokenizer;
    private readonly JsonObject _configs;
    private readonly ConcurrentDictionary<string, HuggingFaceTokenizer> _loaded = new(StringComparer.Ordinal);

    public ReferenceVectors(string folder)
    {
        Folder = folder;
        _tokenizer = File.ReadAllText(Path.Combine(folder, "tokenizer.json"));
        _configs = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "configs.json")))!.AsObject();
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

    /// <summary>Lines of <c>vectors.jsonl</c> or <c>batches.jsonl</c>.</summary>
    public IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(Path.Combine(Folder, file)).Select(static line => JsonDocument.Parse(line).RootElement);

    /// <summary>The tokenizer with a configuration's members in place of its own.</summary>
    public HuggingFaceTokenizer Tokenizer(string config) => _loaded.GetOrAdd(config, Load);

    private HuggingFaceTokenizer Load(string config) =>
        HuggingFaceTokenizer.Load(JsonSerializer.SerializeToUtf8Bytes(Document(config)));

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
