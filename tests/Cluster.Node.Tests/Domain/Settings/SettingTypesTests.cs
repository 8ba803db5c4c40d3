using CsCheck;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Tests.Domain.Settings;

/// <summary>What values settings take, and OpenSearch's words for those that they do not take.</summary>
public class SettingTypesTests
{
    private const string P = "plugins.ml_commons.";

    [Theory]
    [InlineData("max_model_on_node", "0")]
    [InlineData("max_model_on_node", "10000")]
    [InlineData("max_register_model_tasks_per_node", "10")]
    [InlineData("model_auto_redeploy.lifetime_retry_times", "-3")]
    [InlineData("model_auto_redeploy_success_ratio", "0.25")]
    [InlineData("model_auto_redeploy_success_ratio", "1")]
    [InlineData("only_run_on_ml_node", "false")]
    [InlineData("disk_free_space_threshold", "-1")]
    [InlineData("disk_free_space_threshold", "0")]
    [InlineData("disk_free_space_threshold", "1.5GB")]
    [InlineData("task_dispatch_policy", "least_load")]
    [InlineData("exclude_nodes._name", "")]
    [InlineData("trusted_url_regex", "^https://(?=example)")]
    [InlineData("trusted_connector_endpoints_regex", "[\"a\",\"b\"]")]
    [InlineData("max_json_size", "-1")]
    public void Problem_RightValue_IsNone(string name, string text) =>
        Assert.Null(SettingsCatalog.Find(P + name)!.Problem(text));

    [Theory]
    [InlineData("max_model_on_node", "20000", "Failed to parse value [20000] for setting [{0}] must be <= 10000")]
    [InlineData("max_model_on_node", "-1", "Failed to parse value [-1] for setting [{0}] must be >= 0")]
    [InlineData("max_model_on_node", "abc", "Failed to parse value [abc] for setting [{0}]")]
    [InlineData("max_model_on_node", "1.5", "Failed to parse value [1.5] for setting [{0}]")]
    [InlineData("max_model_on_node", "99999999999", "Failed to parse value [99999999999] for setting [{0}]")]
    [InlineData("max_model_on_node", "", "Failed to parse value [] for setting [{0}]")]
    [InlineData("ml_task_timeout_in_seconds", "0", "Failed to parse value [0] for setting [{0}] must be >= 1")]
    [InlineData(
        "model_auto_redeploy_success_ratio", "1.5", "Failed to parse value [1.5] for setting [{0}] must be <= 1.0")]
    [InlineData("model_auto_redeploy_success_ratio", "NaN", "Failed to parse value [NaN] for setting [{0}]")]
    [InlineData("only_run_on_ml_node", "yes", "Failed to parse value [yes] as only [true] or [false] are allowed.")]
    [InlineData("only_run_on_ml_node", "TRUE", "Failed to parse value [TRUE] as only [true] or [false] are allowed.")]
    public void Problem_WrongValue_IsToldInOpenSearchsWords(string name, string text, string problem) =>
        Assert.Equal(
            problem.Replace("{0}", P + name, StringComparison.Ordinal), SettingsCatalog.Find(P + name)!.Problem(text));

    [Theory]
    [InlineData("trusted_url_regex", "(", "Failed to parse value [(] for setting [{0}]: ")]
    [InlineData("task_dispatch_policy", "any", "Failed to parse value [any] for setting [{0}]: Unknown policy")]
    [InlineData("disk_free_space_threshold", "5", "failed to parse setting [{0}] with value [5] as a size in bytes: ")]
    [InlineData("disk_free_space_threshold", "xgb", "failed to parse [xgb] for setting [{0}]")]
    [InlineData("disk_free_space_threshold", "-5gb", "failed to parse [-5gb] for setting [{0}]")]
    [InlineData("disk_free_space_threshold", "9999999pb", "failed to parse [9999999pb] for setting [{0}]")]
    public void Problem_WrongValue_SaysMoreThanOpenSearch(string name, string text, string beginning) =>
        Assert.StartsWith(
            beginning.Replace("{0}", P + name, StringComparison.Ordinal),
            SettingsCatalog.Find(P + name)!.Problem(text),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("5gb", 5L << 30)]
    [InlineData("64k", 64L << 10)]
    [InlineData("7b", 7)]
    [InlineData("0.5mb", 1L << 19)]
    public void Parse_ByteSize_CountsIn1024(string text, long bytes) =>
        Assert.Equal(bytes, MlSettings.DiskFreeSpaceThreshold.Parse(text));

    [Theory]
    [InlineData(5L << 30, "5gb")]
    [InlineData(1536, "1536b")]
    [InlineData(3L << 20, "3mb")]
    [InlineData(0, "-1")]
    public void Write_ByteSize_IsShortAndExact(long bytes, string text) =>
        Assert.Equal(text, ByteSizeSetting.Write(bytes));

    [Theory]
    [InlineData("[\"a\",\"b,c\"]", "a|b,c")]
    [InlineData("a, b,", "a|b")]
    [InlineData("[0-9]+", "[0-9]+")]
    [InlineData("[]", "")]
    public void Read_List_TakesArraysAndCommas(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', ListSetting.Read(text)));

    [Fact]
    public void Catalog_EveryDefault_IsAValueOfItsSetting() =>
        Assert.All(SettingsCatalog.All, s => Assert.Null(s.Problem(s.Default)));

    // Answers nest names by their dots: a name that goes on where another one ends would have two meanings.
    [Fact]
    public void Catalog_NoName_IsTheBeginningOfAnother() => Assert.All(SettingsCatalog.All, s => Assert.DoesNotContain(
        SettingsCatalog.All, other => other.Name.StartsWith(s.Name + ".", StringComparison.Ordinal)));

    [Fact]
    public void Problem_AnyText_IsAWordAndNeverAFault() => Gen
        .Select(Gen.Int[0, SettingsCatalog.All.Count - 1], Gen.String)
        .Sample((i, text) => Assert.NotEqual("", SettingsCatalog.All[i].Problem(text)));
}
