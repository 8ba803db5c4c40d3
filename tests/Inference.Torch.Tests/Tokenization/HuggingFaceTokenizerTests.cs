using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

public sealed class HuggingFaceTokenizerTests
{
    // "model max", then what tokenizer.json says: its max_length, its fixed padding, and the length that counts.
    public static TheoryData<int?, int?, int?, int> Lengths => new()
    {
        { null, null, null, 512 },
        { 256, null, null, 256 },
        { 1024, null, null, 1024 },
        { null, 128, null, 128 },
        { null, 1000, null, 512 },
        { 64, 128, null, 64 },
        { null, null, 32, 32 },
        { null, 128, 32, 128 },
        { null, null, 4096, 512 },
    };

    [Theory]
    [MemberData(nameof(Lengths))]
    public void InferenceMaxLength_WhatFileAndModelSay_TheLesserCounts(
        int? modelMax, int? truncation, int? padding, int expected)
    {
        var tokenizer = Load(document =>
        {
            document["truncation"] = truncation is null ? null : Truncation(truncation.Value);
            document["padding"] = padding is null ? null : Padding(padding.Value);
        });

        Assert.Equal(expected, tokenizer.InferenceMaxLength(modelMax));
    }

    [Fact]
    public void InferenceMaxLength_NoRoomForText_IsRefused() =>
        Assert.Throws<ModelFormatException>(() => Load().InferenceMaxLength(2));

    [Fact]
    public void EncodeIds_LongText_KeepsSpecialTokensAndTheStart()
    {
        Assert.Equal([2, 13, 15, 3], Load().EncodeIds("a b c d", 4));
    }

    [Fact]
    public void EncodeIds_TruncatedOnTheLeft_KeepsTheEnd()
    {
        var tokenizer = Load(static document =>
        {
            document["truncation"] = Truncation(100);
            document["truncation"]!["direction"] = "Left";
        });

        Assert.Equal([2, 17, 19, 3], tokenizer.EncodeIds("a b c d", 4));
    }

    [Fact]
    public void EncodeIds_FixedPadding_IsLeftToTheBatch() =>
        Assert.Equal([2, 13, 3], Load(static d => d["padding"] = Padding(8)).EncodeIds("a", 512));

    [Fact]
    public void PadId_NoPadding_IsZero() => Assert.Equal(0, Load().PadId);

    [Fact]
    public void PadId_Padding_IsTheFiles()
    {
        var padding = Padding(8);
        padding["pad_id"] = 4;

        Assert.Equal(4, Load(d => d["padding"] = padding).PadId);
    }

    [Fact]
    public void Load_ModelWithoutType_IsWordPiece()
    {
        var tokenizer = Load(static document => document["model"]!.AsObject().Remove("type"));

        Assert.Equal([2, 5, 6, 7, 3], tokenizer.EncodeIds("hello worlds", 512));
    }

    [Fact]
    public void Load_Stream_ReadsItAll()
    {
        using var stream =
            new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(ReferenceVectors.Small.Document("base")));

        Assert.Equal([2, 5, 3], HuggingFaceTokenizer.Load(stream).EncodeIds("hello", 512));
    }

    [Fact]
    public void Encode_LoneSurrogate_CountsAsReplacementCharacter()
    {
        (string, string)[] cases = [("a\uD800b", "a\uFFFDb"), ("\uDC00", "\uFFFD"), ("a\uD83D", "a\uFFFD")];
        foreach (var (lone, replaced) in cases)
        {
            Assert.Equal(Load().Encode(replaced).Ids, Load().Encode(lone).Ids);
        }
    }

    [SkippableTheory]
    [InlineData("norm_bert")]
    [InlineData("norm_nfc")]
    [InlineData("norm_nfkd")]
    public void Encode_NoncharacterFFFE_DoesNotThrow(string config)
    {
        Skip.IfNot(ReferenceVectors.Small.CanLoad(config), "needs ICU");

        Assert.NotEmpty(ReferenceVectors.Small.Tokenizer(config).Encode("é\uFFFEé \uFFFE").Ids);
    }

    [Fact]
    public void EncodeIds_ManyThreads_AllGetTheSame()
    {
        var tokenizer = ReferenceVectors.Small.Tokenizer("norm_bert");
        var expected = tokenizer.EncodeIds("Hello wörlds, unbelievable [MASK] 日本", 512);

        Parallel.For(0, 2000, _ => Assert.Equal(
            expected, tokenizer.EncodeIds("Hello wörlds, unbelievable [MASK] 日本", 512)));
    }

    [Fact]
    public void EncodeIds_RegexPastItsDeadline_SaysSo()
    {
        var tokenizer = Load(static document => document["pre_tokenizer"] = JsonNode.Parse(
            """{"type":"Split","pattern":{"Regex":"(?=((a|aa)+)$)a"},"behavior":"Isolated","invert":false}"""));

        Assert.Throws<InferenceException>(() => tokenizer.EncodeIds(new string('a', 60) + "b", 512));
    }

    [Theory]
    [InlineData("pre_tokenizer", "{'type':'Split','pattern':{'Regex':'(?=a)a'},'behavior':'Isolated','invert':false}")]
    [InlineData("pre_tokenizer", "{'type':'Split','pattern':{'String':'a'},'behavior':'Isolated','invert':false}")]
    [InlineData("normalizer", "{'type':'Replace','pattern':{'Regex':'(?=a)a'},'content':'b'}")]
    [InlineData(
        "normalizer",
        "{'type':'Sequence','normalizers':[{'type':'Replace','pattern':{'String':'a'},'content':'b'}]}")]
    public void EncodeIds_ManyMatches_HaveOneDeadlineTogether(string part, string json)
    {
        var tokenizer = Load(document => document[part] = JsonNode.Parse(json.Replace('\'', '"')));
        var time = new FakeTimeProvider();
        var deadline = new TextDeadline(time, TimeSpan.FromSeconds(20), () => PassSecond(time));

        // Between two looks at the deadline, so for a match, goes a second.
        Assert.NotEmpty(tokenizer.EncodeIds("aaaaa", 512, deadline));
        var error = Assert.Throws<TokenizerTimeoutException>(
            () => tokenizer.EncodeIds(new string('a', 100), 512, deadline));

        Assert.Contains("20 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("tokenizer.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "pre_tokenizer", "{'type':'Split','pattern':{'Regex':'(?=a)a'},'behavior':'Isolated','invert':false}", true)]
    [InlineData(
        "pre_tokenizer", "{'type':'Split','pattern':{'Regex':'a+'},'behavior':'Isolated','invert':false}", false)]
    [InlineData(
        "pre_tokenizer", "{'type':'Split','pattern':{'String':'a'},'behavior':'Isolated','invert':false}", false)]
    [InlineData("pre_tokenizer", "{'type':'Whitespace'}", false)]
    [InlineData(
        "pre_tokenizer",
        "{'type':'Sequence','pretokenizers':[{'type':'Whitespace'},"
        + "{'type':'Split','pattern':{'Regex':'(?=a)a'},'behavior':'Isolated','invert':false}]}",
        true)]
    [InlineData("normalizer", "{'type':'Replace','pattern':{'Regex':'(?=a)a'},'content':'b'}", true)]
    [InlineData("normalizer", "{'type':'Replace','pattern':{'Regex':'a'},'content':'b'}", false)]
    [InlineData(
        "normalizer",
        "{'type':'Sequence','normalizers':[{'type':'Replace','pattern':{'Regex':'(?=a)a'},'content':'b'}]}",
        true)]
    public void MayBacktrack_PatternOfAStep_IsTold(string part, string json, bool expected) => Assert.Equal(
        expected, Load(document => document[part] = JsonNode.Parse(json.Replace('\'', '"'))).MayBacktrack);

    [Fact]
    public void EncodeIds_NobodyWaitsAnyMore_Stops()
    {
        var tokenizer = Load(static document => document["pre_tokenizer"] = JsonNode.Parse(
            """{"type":"Split","pattern":{"Regex":"a"},"behavior":"Isolated","invert":false}"""));
        var asked = 0;
        var deadline = new TextDeadline(TimeProvider.System, TimeSpan.MaxValue, () => ++asked > 5);

        Assert.Throws<OperationCanceledException>(() => tokenizer.EncodeIds(new string('a', 100), 512, deadline));
        Assert.Equal(6, asked);
    }

    [Fact]
    public void EncodeIds_AfterADeadline_AnotherTextHasItsOwn()
    {
        var tokenizer = Load(static document => document["pre_tokenizer"] = JsonNode.Parse(
            """{"type":"Split","pattern":{"Regex":"a"},"behavior":"Isolated","invert":false}"""));
        var late = new TextDeadline(TimeProvider.System, TimeSpan.MaxValue, () => true);
        Assert.Throws<OperationCanceledException>(() => tokenizer.EncodeIds("a", 512, late));

        Assert.NotEmpty(tokenizer.EncodeIds("a", 512));
    }

    [Fact]
    public void EncodeIds_ReplaceThatExplodes_IsStopped()
    {
        var tokenizer = Load(static document => document["normalizer"] = new JsonObject
        {
            ["type"] = "Replace",
            ["pattern"] = new JsonObject { ["String"] = "a" },
            ["content"] = new string('b', 100_000),
        });

        Assert.Throws<InferenceException>(() => tokenizer.EncodeIds(new string('a', 10_000), 512));
    }

    private static bool PassSecond(FakeTimeProvider time)
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return false;
    }

    private static HuggingFaceTokenizer Load(Action<JsonObject>? change = null)
    {
        var document = ReferenceVectors.Small.Document("base");
        change?.Invoke(document);
        return HuggingFaceTokenizer.Load(Encoding.UTF8.GetBytes(document.ToJsonString()));
    }

    private static JsonObject Truncation(int maxLength) => new()
    {
        ["direction"] = "Right",
        ["max_length"] = maxLength,
        ["strategy"] = "LongestFirst",
        ["stride"] = 0,
    };

    private static JsonObject Padding(int length) => new()
    {
        ["strategy"] = new JsonObject { ["Fixed"] = length },
        ["direction"] = "Right",
        ["pad_to_multiple_of"] = null,
        ["pad_id"] = 0,
        ["pad_type_id"] = 0,
        ["pad_token"] = "[PAD]",
    };
}
