using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

/// <summary>A tokenizer.json that is damaged is served or refused with a reason, and a text ends soon.</summary>
public sealed class DamagedTokenizerTests
{
    private static readonly TimeSpan TextLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static readonly string[] Texts =
        ["", "Hello wörld, [MASK] 日本 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "a\uD800 \u0301"];

    /// <summary>What stands at a place instead, as JSON.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "3", "1.5", "1e9", "1e300", "2147483647", "9223372036854775807",
        "\"\"", "\"a\"", "\"▁\"", "\"(\"", "\"(a|aa)+$\"", "\"(?=(a|aa)+$)a\"", "[]", "[[]]", "{}", "{\"type\":\"Sequence\"}",
        "{\"type\":\"BPE\",\"vocab\":{},\"merges\":[\"a b\"]}", "{\"Regex\":\"(?=(a|aa)+$)a\"}", "{\"String\":\"\"}",
    ];

    private static readonly JsonObject[] Documents =
    [
        .. ReferenceVectors.Small.Configs.Where(ReferenceVectors.Small.CanLoad).Select(ReferenceVectors.Small.Document),
        OfArchive("tiny-sentence-transformer"),
        OfArchive("tiny-huggingface"),
    ];

    private static readonly byte[][] Files =
        [.. Documents.Select(document => Encoding.UTF8.GetBytes(document.ToJsonString()))];

    [Fact]
    public void Load_DamagedBytes_IsServedOrRefused() => Mutations.Of(Files).Sample(AssertServedOrRefused, iter: 5_000);

    [Fact]
    public void Load_ValuesExchanged_IsServedOrRefused() =>
        (from document in Gen.Int[0, Documents.Length - 1].Select(i => Documents[i])
         from changes in Gen.Select(Gen.Double[0, 1], Gen.Int[0, Values.Length]).Array[1, 3]
         select Encoding.UTF8.GetBytes(Changed(document, changes).ToJsonString()))
        .Sample(AssertServedOrRefused, iter: 5_000);

    private static void AssertServedOrRefused(byte[] json)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var tokenizer = HuggingFaceTokenizer.Load(json);
            foreach (var text in Texts)
            {
                AssertIdsOrRefused(tokenizer, text);
            }
        }
        catch (ModelFormatException refusal)
        {
            Assert.NotEmpty(refusal.Message);
        }

        Assert.True(clock.Elapsed < Soon, $"it took {clock.Elapsed}");
    }

    private static void AssertIdsOrRefused(HuggingFaceTokenizer tokenizer, string text)
    {
        try
        {
            var length = tokenizer.InferenceMaxLength();
            var ids = tokenizer.EncodeIds(text, length, new TextDeadline(TimeProvider.System, TextLimit));
            Assert.InRange(ids.Length, 0, length);
            Assert.All(ids, static id => Assert.True(id >= 0, $"id {id}"));
        }
        catch (InferenceException refusal)
        {
            Assert.NotEmpty(refusal.Message);
        }
    }

    private static JsonNode Changed(JsonObject original, (double Place, int Value)[] changes)
    {
        var document = original.DeepClone();
        foreach (var (place, value) in changes)
        {
            var places = Places(document).ToList();
            if (places.Count > 0)
            {
                places[(int)(place * (places.Count - 1))](value < Values.Length ? JsonNode.Parse(Values[value]) : null);
            }
        }

        return document;
    }

    /// <summary>What sets each member and element; of long lists the first ones, or nothing else would be hit.
    /// </summary>
    private static IEnumerable<Action<JsonNode?>> Places(JsonNode? node) => node switch
    {
        JsonObject members => members.Take(40).SelectMany(member => Places(member.Value)
            .Prepend(value => members[member.Key] = value)
            .Prepend(_ => members.Remove(member.Key))),
        JsonArray items => Enumerable.Range(0, Math.Min(10, items.Count)).SelectMany(at => Places(items[at])
            .Prepend(value => items[at] = value)),
        _ => [],
    };

    private static JsonObject OfArchive(string name)
    {
        using var zip = ZipFile.OpenRead(TestData.Archive(name));
        using var file = zip.GetEntry("tokenizer.json")!.Open();
        return JsonNode.Parse(file)!.AsObject();
    }
}
