using System.Text;
using MlCluster.Node.Gateway.Interfaces;

namespace MlCluster.Node.Tests.Gateway.Interfaces;

/// <summary>Schemas that clients send, good ones and hostile ones.</summary>
public sealed class InterfaceSchemaTests
{
    private const string Texts = """
        {"$schema":"http://json-schema.org/draft-07/schema#","$id":"http://example.com/texts","type":"object",
         "properties":{"text_docs":{"type":"array","items":{"$ref":"#/$defs/text"},"maxItems":2}},
         "required":["text_docs"],"additionalProperties":false,"x-own":{"a":1},
         "$defs":{"text":{"type":"string","pattern":"^[a-z ]+$","format":"no such format"}}}
        """;

    [Theory]
    [InlineData("""{"text_docs":["today is sunny", /* or not */ ]}""", null)]
    [InlineData("\uFEFF{\"text_docs\":[]}", null)]
    [InlineData("""{"text_docs":["a","B"]}""", "/text_docs/1: ")]
    [InlineData("""{"text_docs":[7]}""", "/text_docs/0: ")]
    [InlineData("""{"text_docs":["a","b","c"]}""", "/text_docs: ")]
    [InlineData("""{"text_docs":[],"other":1}""", "/other: ")]
    [InlineData("{}", "the whole: Required properties [\"text_docs\"]")]
    public void FaultOf_Body_IsThePlaceThatDoesNotFit(string body, string? fault)
    {
        var actual = InterfaceSchema.Compile(Texts).FaultOf(Encoding.UTF8.GetBytes(body));

        if (fault is null)
        {
            Assert.Null(actual);
        }
        else
        {
            Assert.Contains(fault, actual, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("{}", true)]
    [InlineData("false", false)]
    [InlineData("""{"not":{}}""", false)]
    public void FaultOf_SchemaOfAnythingOrNothing_SaysSo(string schema, bool fits) =>
        Assert.Equal(fits, InterfaceSchema.Compile(schema).FaultOf("{}"u8.ToArray()) is null);

    [Fact]
    public void FaultOf_ManyFaults_NamesTheFirst()
    {
        var schema = InterfaceSchema.Compile("""{"items":{"type":"string"}}""");

        var fault = schema.FaultOf("[1,2,3,4,5,6,7,8]"u8.ToArray())!;

        Assert.EndsWith("; …", fault, StringComparison.Ordinal);
        Assert.Equal(5, fault.Split("; ").Length - 1);
    }

    [Theory]
    [InlineData("", "is not a JSON schema: ")]
    [InlineData("5", "is not a JSON schema: ")]
    [InlineData("null", "is not a JSON schema: ")]
    [InlineData("[]", "is not a JSON schema: ")]
    [InlineData("\"text\"", "is not a JSON schema: ")]
    [InlineData("{", "is not a JSON schema: ")]
    [InlineData("""{"type":"objekt"}""", "is not a JSON schema: ")]
    [InlineData("""{"properties":[]}""", "is not a JSON schema: ")]
    [InlineData("""{"type":"object","type":"array"}""", "is not a JSON schema: ")]
    [InlineData("""{"$schema":"http://example.com/own"}""", "is of an unknown draft: [http://example.com/own]")]
    [InlineData("""{"maximum":1e999999999}""", "holds a number with more than 100 characters")]
    [InlineData("""{"pattern":"["}""", "has a pattern that cannot be used here: [[]")]
    [InlineData("""{"items":{"pattern":"(?=a)b"}}""", "has a pattern that cannot be used here: [(?=a)b]")]
    [InlineData("""{"patternProperties":{"^(a+)+$":{}}}""", "holds [patternProperties], which is not supported")]
    public void Compile_NoSchema_IsRefused(string schema, string reason) => AssertRefused(schema, reason);

    [Theory]
    [InlineData("""{"$ref":"http://127.0.0.1:1/schema"}""", "refers to [http://127.0.0.1:1/schema]: only")]
    [InlineData("""{"$ref":"file:///etc/passwd"}""", "refers to [file:///etc/passwd]: only references such as")]
    [InlineData("""{"$ref":"#name"}""", "refers to [#name]: only references such as #/$defs/name")]
    [InlineData("""{"$ref":"#/$defs/a%2Fb","$defs":{"a/b":{}}}""", "refers to [#/$defs/a%2Fb]: only")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "refers to [#/$defs/none], which is not in it")]
    [InlineData("""{"$dynamicRef":"#x"}""", "holds [$dynamicRef] in its inside")]
    [InlineData("""{"items":{"$id":"http://example.com/"}}""", "holds [$id] in its inside")]
    [InlineData("""{"$ref":"#"}""", "is nested more than 100 levels deep, or refers to itself")]
    [InlineData("""{"properties":{"default":{"$ref":"#/properties/default"}}}""", "is nested more than 100")]
    [InlineData("""{"$defs":{"a":{"items":{"$ref":"#/$defs/a"}}}}""", "is nested more than 100 levels deep, or refers")]
    public void Compile_ReferenceThatIsNotFollowed_IsRefused(string schema, string reason) =>
        AssertRefused(schema, reason);

    [Fact]
    public void Compile_BeyondABound_IsRefused()
    {
        var doubling = string.Join(',', Enumerable.Range(0, 20).Select(i =>
            $$"""
            "d{{i}}":{"allOf":[{"$ref":"#/$defs/d{{i + 1}}"},{"$ref":"#/$defs/d{{i + 1}}"}]}
            """));

        AssertRefused($"{{\"$defs\":{{{doubling},\"d20\":{{}}}}}}", "is too large: with what its references repeat");
        AssertRefused(
            $"{{\"enum\":[{string.Join(',', Enumerable.Range(0, 10_000))}]}}", "is too large: with what its");
        AssertRefused(
            $"{{\"description\":\"{new string('x', 100_000)}\"}}", "is too long: 100018 characters, at most 100000");
        AssertRefused(string.Concat(Enumerable.Repeat("{\"not\":", 90)) + "{}" + new string('}', 90), "is not a JSON");
    }

    // Backtracking would take longer than the universe has been there.
    [Fact]
    public void FaultOf_PatternThatBacktracks_IsAnsweredAtOnce()
    {
        var schema = InterfaceSchema.Compile("""{"propertyNames":{"pattern":"^(a+)+$"}}""");

        Assert.NotNull(schema.FaultOf(Encoding.UTF8.GetBytes($"{{\"{new string('a', 50_000)}!\":1}}")));
    }

    [Fact]
    public void FaultOf_MoreWorkThanIsDone_SaysSo()
    {
        var schema = InterfaceSchema.Compile("""{"uniqueItems":true}""");
        var many = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 20_000))}]");

        Assert.StartsWith(
            "its 20001 values are too many for a schema of 2 values", schema.FaultOf(many), StringComparison.Ordinal);
        Assert.Null(InterfaceSchema.Compile("{}").FaultOf(many));
    }

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":1e999999999999}""")]
    [InlineData("""{"a":-1E-999999}""")]
    [InlineData("""{"a":1e400}""")]
    [InlineData("""
        {"a":99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999}
        """)]
    public void FaultOf_ValueThatCannotBeRead_IsAFaultOfTheBody(string body)
    {
        var schema = InterfaceSchema.Compile("""{"properties":{"a":{"maxLength":1,"maximum":1,"multipleOf":3}}}""");

        Assert.NotNull(schema.FaultOf(Encoding.UTF8.GetBytes(body)));
    }

    private static void AssertRefused(string schema, string reason)
    {
        var e = Assert.Throws<SchemaRefusedException>(() => InterfaceSchema.Compile(schema));

        Assert.StartsWith(reason, e.Message, StringComparison.Ordinal);
    }
}
