using System.Collections.Concurrent;
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

    public string Folder { get; }

    /// <summary>Lines of <c>vectors.jsonl</c> or <c>batches.jsonl</c>.</summary>
    public IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(Path.Combine(Folder, file)).Select(static line => JsonDocument.Parse(line).RootElement);

    /// <summary>The tokenizer with a configuration's members in place of its own.</summary>
    public HuggingFaceTokenizer Tokenizer(string config) => _loaded.GetOrAdd(config, Load);

    private HuggingFaceTokenizer Load(string config)
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

        return HuggingFaceTokenizer.Load(JsonSerializer.SerializeToUtf8Bytes(document));
    }
}
