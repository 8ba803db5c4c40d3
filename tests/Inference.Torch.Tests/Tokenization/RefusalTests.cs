using System.Text;
using System.Text.Json.Nodes;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

/// <summary>A tokenizer.json that cannot be served exactly is refused with its reason.</summary>
public sealed class RefusalTests
{
    private const string Bert = """{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]}""";

    // The member's path, what stands there instead (null: nothing), and what the message must say.
    public static TheoryData<string, string?, string> Members => new()
    {
        { "version", "\"2.0\"", "version is '2.0'" },
        { "model", null, "model is missing" },
        { "model.vocab", null, "model.vocab is missing" },
        { "model.vocab", "[]", "model.vocab is not an object" },
        { "model.vocab", """{"a":0}""", "does not hold the unknown token '[UNK]'" },
        { "model.vocab", """{"[UNK]":0,"a":0}""", "'[UNK]' and 'a' share the id 0" },
        { "model.vocab", """{"[UNK]":0,"a":-1}""", "the id of 'a'" },
        { "model.vocab", """{"[UNK]":0,"a":1.5}""", "the id of 'a'" },
        { "model.vocab", """{"[UNK]":0,"a":2000000000}""", "the id 2000000000" },
        { "model.vocab", """{"[UNK]":0,"a\nb":1}""", "token 1 holds a line break" },
        { "model.vocab", """{"[UNK]":0,"a\rb":1}""", "token 1 holds a line break" },
        { "model.max_input_chars_per_word", "0", "max_input_chars_per_word is 0" },
        { "model.max_input_chars_per_word", "201", "max_input_chars_per_word is 201" },
        { "model.max_input_chars_per_word", "-1", "max_input_chars_per_word is not a whole number" },
        { "model.unk_token", null, "model.unk_token is missing" },
        { "model.unk_token", "7", "model.unk_token is not a string" },
        { "model.unk_token", "\"\"", "model.unk_token is empty" },
        { "model.type", "\"BPE\"", "model.merges is missing" },
        { "model.type", "\"Unigram\"", "model.vocab is not an array" },
        { "model.type", "\"WordLevel\"", "model has the unsupported type 'WordLevel'" },
        { "normalizer", "7", "normalizer is not an object" },
        { "normalizer", """{"type":"Precompiled"}""", "normalizer.precompiled_charsmap is missing" },
        { "normalizer", Charsmap("*"), "normalizer.precompiled_charsmap is not base64" },
        { "normalizer", Charsmap("AAA="), "the charsmap has 2 bytes" },
        { "normalizer", Charsmap("CAAAAAAAAAA="), "a trie of 8 bytes in 8" },
        { "normalizer", Charsmap("BAAAAAAAAAD/"), "the charsmap's texts are not UTF-8" },
        {
            "normalizer",
            """{"type":"Sequence","normalizers":[{"type":"Lowercase"},{"type":"Nmt"}]}""",
            "normalizer.normalizers[1] has the unsupported type 'Nmt'"
        },
        { "normalizer", """{"type":"BertNormalizer","clean_text":true}""", "normalizer.lowercase is missing" },
        {
            "normalizer",
            """{"type":"Replace","pattern":{"Regex":"("},"content":""}""",
            "normalizer.pattern is no regular expression"
        },
        { "normalizer", """{"type":"Replace","pattern":{"String":""},"content":""}""", "normalizer.pattern is empty" },
        { "pre_tokenizer", """{"type":"UnicodeScripts"}""", "pre_tokenizer has the unsupported type 'UnicodeScripts'" },
        { "pre_tokenizer", """{"type":"ByteLevel"}""", "pre_tokenizer.add_prefix_space is missing" },
        { "pre_tokenizer", """{"type":"Metaspace"}""", "pre_tokenizer.replacement is missing" },
        {
            "pre_tokenizer",
            """{"type":"Metaspace","replacement":"__"}""",
            "pre_tokenizer.replacement is not one character"
        },
        {
            "pre_tokenizer",
            """{"type":"Metaspace","replacement":"_","prepend_scheme":"last"}""",
            "pre_tokenizer.prepend_scheme is 'last'"
        },
        {
            "pre_tokenizer",
            """{"type":"Metaspace","replacement":"_","prepend_scheme":"first","add_prefix_space":false}""",
            "pre_tokenizer.add_prefix_space is false"
        },
        { "pre_tokenizer", """{"type":"Punctuation","behavior":"Kept"}""", "pre_tokenizer.behavior is not one of" },
        {
            "pre_tokenizer",
            """{"type":"CharDelimiterSplit","delimiter":"ab"}""",
            "pre_tokenizer.delimiter is not one character"
        },
        { "post_processor", """{"type":"Other"}""", "post_processor has the unsupported type 'Other'" },
        { "post_processor", """{"type":"BertProcessing","sep":["[SEP]",3]}""", "post_processor.cls is missing" },
        { "post_processor", $$"""{"type":"Sequence","processors":[{{Bert}},{{Bert}}]}""", "has 2 processors" },
        { "post_processor.special_tokens", "{}", "special_tokens.[CLS] is missing" },
        { "post_processor.pair", "[]", "post_processor.pair does not hold" },
        { "truncation", """{"max_length":1,"stride":0,"strategy":"LongestFirst"}""", "max_length 1 is less than" },
        { "truncation", """{"max_length":8,"stride":5,"strategy":"LongestFirst"}""", "stride 5 is not less" },
        { "truncation", """{"max_length":8,"stride":0,"strategy":"Longest"}""", "truncation.strategy is not one of" },
        {
            "truncation",
            """{"max_length":-8,"stride":0,"strategy":"LongestFirst"}""",
            "truncation.max_length is not a whole number"
        },
        { "padding", """{"strategy":"Longest","pad_id":0,"pad_type_id":0}""", "padding.strategy is 'Longest'" },
        { "padding", """{"strategy":{"Fixed":2000000000},"pad_id":0,"pad_type_id":0}""", "padding asks for more than" },
        { "added_tokens", """[{"id":0}]""", "added_tokens[0].content is missing" },
        { "added_tokens", $"[{Added("x")},{Added("y")}]", "'x' and 'y' share the id 0" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public void Load_BrokenMember_IsRefusedByName(string path, string? value, string reason)
    {
        var document = ReferenceVectors.Small.Document("base");
        Replace(document, path.Split('.'), value);

        var refusal = Assert.Throws<ModelFormatException>(
            () => HuggingFaceTokenizer.Load(Encoding.UTF8.GetBytes(document.ToJsonString())));

        Assert.StartsWith("tokenizer.json: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "the document is not an object")]
    [InlineData("""{"model":{"merges":[]}}""", "model.vocab is missing")]
    [InlineData("""{"model":{"vocab":[]}}""", "model.vocab is empty")]
    [InlineData("""{"model":1,"model":2}""", "not JSON")]
    [InlineData("""{"version":"\ud800"}""", "not valid Unicode")]
    public void Load_BrokenDocument_IsRefused(string json, string reason)
    {
        var refusal =
            Assert.Throws<ModelFormatException>(() => HuggingFaceTokenizer.Load(Encoding.UTF8.GetBytes(json)));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BytesThatAreNotUtf8_IsRefused() =>
        Assert.Throws<ModelFormatException>(() => HuggingFaceTokenizer.Load(new byte[] { (byte)'"', 0xFF, (byte)'"' }));

    [Fact]
    public void Load_AddedTokenThatVanishes_IsRefused()
    {
        var document = ReferenceVectors.Small.Document("norm_bert");
        document["added_tokens"]!.AsArray().Add(JsonNode.Parse(
            """
            {"id":999,"content":"\u200B","normalized":true,"single_word":false,"lstrip":false,"rstrip":false,
             "special":false}
            """));

        Assert.Throws<ModelFormatException>(
            () => HuggingFaceTokenizer.Load(Encoding.UTF8.GetBytes(document.ToJsonString())));
    }

    [Theory]
    [InlineData("""{"type":"Strip","strip_left":true,"strip_right":false}""")]
    [InlineData("""{"type":"Sequence","normalizers":[{"type":"Lowercase"},{"type":"StripAccents"}]}""")]
    public void Load_MarkAtTheStartBehindWhatDropsIt_IsRefused(string normalizer)
    {
        var document = ReferenceVectors.Small.Document("base");
        document["normalizer"] = JsonNode.Parse(normalizer);
        document["pre_tokenizer"] =
            JsonNode.Parse("""{"type":"Metaspace","replacement":"_","prepend_scheme":"first"}""");

        var refusal = Assert.Throws<ModelFormatException>(
            () => HuggingFaceTokenizer.Load(Encoding.UTF8.GetBytes(document.ToJsonString())));

        Assert.Contains("prepend_scheme 'first'", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Load_UnicodeFormWithoutIcu_IsRefused()
    {
        Skip.If(ReferenceVectors.HasIcu, "needs a process without ICU: DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1");

        Assert.All(
            ReferenceVectors.Small.Configs.Where(static c => !ReferenceVectors.Small.CanLoad(c)),
            static c => Assert.Throws<ModelFormatException>(() => ReferenceVectors.Small.Tokenizer(c)));
    }

    private static string Charsmap(string base64) =>
        $$"""{"type":"Precompiled","precompiled_charsmap":"{{base64}}"}""";

    private static string Added(string content) =>
        $$"""
        {"id":0,"content":"{{content}}","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,
         "special":true}
        """;

    private static void Replace(JsonObject document, string[] path, string? value)
    {
        var parent = path[..^1].Aggregate(document, static (node, name) => node[name]!.AsObject());
        parent.Remove(path[^1]);
        if (value is not null)
        {
            parent[path[^1]] = JsonNode.Parse(value);
        }
    }
}
