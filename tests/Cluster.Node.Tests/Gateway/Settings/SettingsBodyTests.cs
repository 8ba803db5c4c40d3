using System.Text;
using CsCheck;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Settings;

namespace MlCluster.Node.Tests.Gateway.Settings;

/// <summary>Bodies of <c>PUT /_cluster/settings</c>.</summary>
public class SettingsBodyTests
{
    private const string Prefix = "plugins.ml_commons";

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"persistent\":", "\"transient\":", "\"a\":", "\"a.b\":", "\"*\":", ",", "1", "null",
        "true", "\"x\"",
    ];

    [Theory]
    [InlineData("""{"persistent":{"plugins.ml_commons.max_model_on_node":3}}""")]
    [InlineData("""{"persistent":{"plugins":{"ml_commons":{"max_model_on_node":"3"}}}}""")]
    [InlineData("""{"persistent":{"plugins":{"ml_commons.max_model_on_node":3}},"transient":{}}""")]
    [InlineData("""{"defaults":{"a":1},"persistent":{"plugins.ml_commons":{"max_model_on_node":3,}},}""")]
    public void Parse_DottedAndNested_AreTheSame(string body) => Assert.Equal(
        [new SettingChange($"{Prefix}.max_model_on_node", "3")], Parse(body).Persistent);

    [Fact]
    public void Parse_Values_AreTexts()
    {
        var changes = Parse("""
            {"transient":{"plugins.ml_commons":{
              "only_run_on_ml_node":true,"model_auto_redeploy_success_ratio":0.50,"task_dispatch_policy":"least_load",
              "exclude_nodes":{"_name":["a","b"]},"trusted_connector_endpoints_regex":["^a,b$",1],
              "max_model_on_node":null,"*":null}}}
            """).Transient.ToDictionary(c => c.Name, c => c.Value);

        Assert.Equal(
            new Dictionary<string, string?>
            {
                [$"{Prefix}.only_run_on_ml_node"] = "true",
                [$"{Prefix}.model_auto_redeploy_success_ratio"] = "0.50",
                [$"{Prefix}.task_dispatch_policy"] = "least_load",
                [$"{Prefix}.exclude_nodes._name"] = "a,b",
                [$"{Prefix}.trusted_connector_endpoints_regex"] = """["^a,b$","1"]""",
                [$"{Prefix}.max_model_on_node"] = null,
                [$"{Prefix}.*"] = null,
            },
            changes);
    }

    [Theory]
    [InlineData("max_model_on_node", "[1]", "Failed to parse value [[1]] for setting [plugins.ml_commons.max_model_on_node]")]
    [InlineData("max_model_on_node", "[]", "Failed to parse value [[]] for setting [plugins.ml_commons.max_model_on_node]")]
    [InlineData("max_model_on_node", """["1",2]""", "Failed to parse value [[1, 2]] for setting [plugins.ml_commons.max_model_on_node]")]
    [InlineData("only_run_on_ml_node", "[true]", "Failed to parse value [[true]] as only [true] or [false] are allowed.")]
    [InlineData("disk_free_space_threshold", """["5gb"]""", "ailed to parse")]
    [InlineData("task_dispatch_policy", """["round_robin"]""", "Failed to parse value [[round_robin]] for setting")]
    public void Parse_ListForASingleValue_IsRefusedAsOpenSearchDoes(string name, string list, string reason)
    {
        var command = Parse($"{{\"transient\":{{\"{Prefix}.{name}\":{list}}}}}");

        Assert.Contains(reason, SettingsDecisions.Refusal(command)?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ListForAPattern_IsRefused()
    {
        var error = Assert.Throws<ApiException>(
            () => Parse($$$"""{"persistent":{"{{{Prefix}}}.trusted_url_regex":["^https://a/"]}}""")).Error;

        Assert.Equal((400, "illegal_argument_exception"), (error.Status, error.Type));
        Assert.StartsWith("Failed to parse value", error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "action_request_validation_exception", "Validation Failed: 1: no settings to update;")]
    [InlineData(
        """{"persistent":{},"transient":{"a":{}}}""",
        "action_request_validation_exception", "Validation Failed: 1: no settings to update;")]
    [InlineData("""{"persistent":{"a.b":1,"a":{"b":2}}}""", "parse_exception", "duplicate settings key [a.b] found")]
    [InlineData(
        """{"persistent":{"a":[{}]}}""",
        "parse_exception", "only value lists are allowed in serialized settings: [a]")]
    [InlineData(
        """{"persistent":null}""",
        "parsing_exception", "Failed to parse object: expecting token of type [START_OBJECT] but found [VALUE_NULL]")]
    public void Parse_WrongBody_IsRefused(string body, string type, string reason)
    {
        var error = Assert.Throws<ApiException>(() => Parse(body)).Error;

        Assert.Equal((400, type, reason), (error.Status, error.Type, error.Reason));
    }

    [Fact]
    public void Parse_DeepBody_IsReadOrRefusedAsTheClientsMistake()
    {
        foreach (var depth in new[] { 60, 70, 490, 600 })
        {
            var nested = string.Concat(Enumerable.Repeat("{\"a\":", depth));
            var body = $"{{\"persistent\":{nested}1{new string('}', depth + 1)}";
            try
            {
                Assert.Single(Parse(body).Persistent);
            }
            catch (ApiException e)
            {
                Assert.Equal(400, e.Error.Status);
            }
        }
    }

    [Fact]
    public void Parse_AnyBody_IsACommandOrTheClientsMistake() => Gen.Int[0, Pieces.Length - 1]
        .Array[0, 14]
        .Select(all => string.Concat(all.Select(i => Pieces[i])))
        .Sample(body =>
        {
            try
            {
                Assert.NotNull(Parse(body));
            }
            catch (ApiException e)
            {
                Assert.Equal(400, e.Error.Status);
            }
        });

    private static ChangeSettings Parse(string body) => SettingsBody.Parse(Encoding.UTF8.GetBytes(body));
}
