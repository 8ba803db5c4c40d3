using System.Text;
using CsCheck;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Gateway.Profiles;
using MlCluster.Node.Gateway.Registration;
using MlCluster.Node.Gateway.Search;
using MlCluster.Node.Gateway.Settings;

namespace MlCluster.Node.Tests.Gateway.Json;

public sealed class JsonPullTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ",", "null", "true", "1", "-1e400", "\"a\"", "\"\\ud800\"", "\"text_docs\"",
        "\"query\"", "\"persistent\"", "\"model_ids\"", "\"model_config\"", "\"name\"", "\"result_filter\"", "\"additional_config\"", "\"total_chunks\"", "\"\\u0000\"",
        "/*", "*/", "//", "\n", " ",
    ];

    [Theory]
    [InlineData("model_ids")]
    [InlineData("task_ids")]
    [InlineData("node_ids")]
    public void Ids_MoreThanThereMayBe_AreRefusedWithTheLimit(string field)
    {
        var body = $$"""{"{{field}}":[{{string.Join(',', Enumerable.Range(0, 1_001))}}]}""";

        var e = Assert.Throws<ApiException>(() => ProfileQuery.Parse(Encoding.UTF8.GetBytes(body)));

        Assert.StartsWith($"[{field}] names more than 1000 ids", e.Error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"v":"text"}""", "text")]
    [InlineData("""{"v":1}""", "1")]
    [InlineData("""{"v":1.50}""", "1.50")]
    [InlineData("""{"v":true}""", "true")]
    [InlineData("{ /* c */ \"v\": \"a\", // d\n }", "a")]
    [InlineData("""{"other":{"deep":[1,{"x":2}]},"v":"a"}""", "a")]
    [InlineData("""{"v":"a\n\"\u00e9\ud83d\ude00"}""", "a\n\"é😀")]
    [InlineData("""{"v":"\ud800x"}""", "\uFFFDx")]
    [InlineData("""{"v":"x\udc00"}""", "x\uFFFD")]
    [InlineData("\uFEFF{\"v\":\"a\"}", "a")]
    public void Text_AnyScalar_IsTakenAsText(string body, string expected) => Assert.Equal(expected, ReadText(body));

    [Theory]
    [InlineData("""{"v":null}""", "Can't get text on a VALUE_NULL at 1:6")]
    [InlineData("""{"v":{"a":1}}""", "Can't get text on a START_OBJECT at 1:6")]
    [InlineData("{\n \"v\":[1]}", "Can't get text on a START_ARRAY at 2:6")]
    public void Text_NoScalar_IsTheClientsMistake(string body, string reason) =>
        AssertRefused(() => ReadText(body), "illegal_argument_exception", reason);

    [Theory]
    [InlineData("{", "json_parse_exception")]
    [InlineData("{\"v\":}", "json_parse_exception")]
    [InlineData("{\"v\":1} x", "json_parse_exception")]
    [InlineData("{\"v\":\"\\q\"}", "json_parse_exception")]
    [InlineData("[]", "parsing_exception")]
    [InlineData("\"a\"", "parsing_exception")]
    [InlineData("  ", "parsing_exception")]
    public void Read_NoObject_IsRefused(string body, string type) => AssertRefused(() => ReadText(body), type, null);

    [Fact]
    public void Read_Array_NamesTheTokens() => AssertRefused(
        () => ReadText("[]"),
        "parsing_exception",
        "Failed to parse object: expecting token of type [START_OBJECT] but found [START_ARRAY]");

    [Theory]
    [InlineData("""{"v":1,"v":2}""", "v")]
    [InlineData("""{"a":{"x":1,"\u0078":2}}""", "x")]
    public void Read_DuplicateName_IsRefused(string body, string name)
    {
        var e = Assert.Throws<ApiException>(() => ReadText(body));

        Assert.Equal("json_parse_exception", e.Error.Type);
        Assert.StartsWith($"Duplicate field '{name}'", e.Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SameNameInDifferentObjects_IsFine() =>
        Assert.Equal("1", ReadText("""{"a":{"v":3},"b":{"v":2},"v":1}"""));

    [Theory]
    [InlineData("5", 5)]
    [InlineData("\"5\"", 5)]
    [InlineData("5.0", 5)]
    [InlineData("1e3", 1000)]
    [InlineData("-2147483648", int.MinValue)]
    public void Integer_WholeNumber_IsRead(string json, int expected) => Assert.Equal(expected, ReadInteger(json));

    [Theory]
    [InlineData("\"abc\"", "number_format_exception", "For input string: \"abc\"")]
    [InlineData("1.5", "illegal_argument_exception", "1.5 cannot be converted to int without data loss")]
    [InlineData(
        "2147483648",
        "illegal_argument_exception",
        "Numeric value (2147483648) out of range of int (-2147483648 - 2147483647)")]
    [InlineData("1e999", "number_format_exception", "For input string: \"1e999\"")]
    [InlineData("null", "json_parse_exception", null)]
    [InlineData("[]", "json_parse_exception", null)]
    public void Integer_SomethingElse_IsRefused(string json, string type, string? reason) =>
        AssertRefused(() => ReadInteger(json), type, reason);

    [Theory]
    [InlineData("\"yes\"", "Failed to parse value [yes] as only [true] or [false] are allowed.")]
    [InlineData("1", null)]
    public void Boolean_SomethingElse_IsRefused(string json, string? reason)
    {
        var e = Assert.Throws<ApiException>(() => ReadBoolean(json));

        Assert.Equal(400, e.Error.Status);
        Assert.Contains(reason ?? "not of boolean type", e.Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void RawObject_CommentsAndCommas_AreCleanedAway() => Assert.Equal(
        """{"a":[1.50,"é\"",null,{"b":true}]}""", ReadRaw("""{"a":[1.50, "\u00e9\"" /* c */, null, {"b":true,},],}"""));

    [Fact]
    public void Read_InvalidUtf8_IsRefused()
    {
        byte[] body = [.. "{\"v\":\""u8, 0xFF, .. "\"}"u8];

        AssertRefused(() => ReadText(body), "json_parse_exception", null);
    }

    [Fact]
    public void Read_VeryDeep_IsRefused() =>
        AssertRefused(
            () => ReadText("{\"a\":" + new string('[', 5000) + new string(']', 5000) + "}"),
            "json_parse_exception",
            null);

    [Fact]
    public void Parse_ArbitraryBytes_NeverFailsOtherwiseThanWith400() =>
        Gen.Byte.Array[0, 60].Sample(AssertReadOrRefused, iter: 20_000);

    [Fact]
    public void Parse_ArbitraryJsonPieces_NeverFailsOtherwiseThanWith400() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i])
            .List[0, 25].Sample(
                pieces => AssertReadOrRefused(Encoding.UTF8.GetBytes("{" + string.Concat(pieces))), iter: 20_000);

    private static void AssertReadOrRefused(byte[] body)
    {
        AssertReadOrRefused(() => PredictFields.Parse(body).For(FunctionNames.TextSimilarity));
        AssertReadOrRefused(() => RegistrationBody.Parse(body).CheckForUrl(static _ => null));
        AssertReadOrRefused(() => RegistrationBody.Parse(body).CheckForChunks());
        AssertReadOrRefused(() => ProfileQuery.Parse(body));
        AssertReadOrRefused(() => SettingsBody.Parse(body));
        AssertReadOrRefused(() => SearchBody.Parse(body));
    }

    private static void AssertReadOrRefused(Action read)
    {
        try
        {
            read();
        }
        catch (ApiException e)
        {
            Assert.Equal(400, e.Error.Status);
        }
    }

    private static void AssertRefused(Action read, string type, string? reason)
    {
        var e = Assert.Throws<ApiException>(read);
        Assert.Equal(400, e.Error.Status);
        Assert.Equal(type, e.Error.Type);
        Assert.Equal(reason ?? e.Error.Reason, e.Error.Reason);
    }

    private static string ReadText(string body) => ReadText(Encoding.UTF8.GetBytes(body));

    private static string ReadText(byte[] body)
    {
        var json = new JsonPull(body);
        json.BeginObject();
        var text = "";
        while (json.NextField(out var name))
        {
            if (name == "v")
            {
                text = json.Text();
            }
            else
            {
                json.Skip();
            }
        }

        return text;
    }

    private static int ReadInteger(string value)
    {
        var json = At(value);
        json.NextField(out _);
        return json.Integer();
    }

    private static bool ReadBoolean(string value)
    {
        var json = At(value);
        json.NextField(out _);
        return json.Boolean();
    }

    private static string ReadRaw(string value)
    {
        var json = At(value);
        json.NextField(out _);
        var raw = json.RawObject();
        Assert.False(json.NextField(out _));
        return raw;
    }

    private static JsonPull At(string value)
    {
        var json = new JsonPull(Encoding.UTF8.GetBytes($"{{\"v\":{value}}}"));
        json.BeginObject();
        return json;
    }
}
