using CsCheck;
using MlCluster.Node.Domain.Pretrained;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Domain.Pretrained;

/// <summary>A repository's files come from elsewhere: whatever they hold is read or refused with the reason.</summary>
public sealed class PretrainedFuzzTests
{
    private const string Config =
        $$$$"""
        {"name":"a","version":"1.0.1","description":"d","model_task_type":"text_embedding","function_name":null,
        "model_format":"torch_script","model_content_hash_value":"{{{{Some.Hash}}}}",
        "model_config":{"model_type":"bert","embedding_dimension":384,"framework_type":"huggingface_transformers",
        "pooling_mode":"mean","normalize_result":true,"model_max_length":128,"query_prefix":"q: ",
        "passage_prefix":"p: ","all_config":"{\"a\":1}","additional_config":{"space_type":"l2"}}}
        """;

    private const string Listed = """[{"name":"x/a","version":["1.0.0"],"format":["torch_script","onnx"]},7]""";
    private const string Keyed = """{"st/a":{"version":"1.0.1","torch_script":{"model_url":"u"}},"b":{"onnx":{}}}""";

    [Fact]
    public void Config_AnyFile_IsReadOrRefused() => OddJson.Of(Config).Sample(
        file => AssertReadOrRefused(() => Assert.Equal(64, PretrainedConfig.Parse(file).Sha256.Length)), iter: 5_000);

    [Fact]
    public void List_AnyFile_IsReadOrRefused() => OddJson.Of(Listed, Keyed).Sample(
        file => AssertReadOrRefused(() => PretrainedList.Holds(file, new("st/a", "1.0.1", "TORCH_SCRIPT"))),
        iter: 5_000);

    [Theory]
    [InlineData("""{"function_name":"\ud800"}""")]
    [InlineData("""{"\ud800":{}}""")]
    public void HalfASurrogatePair_IsNoText(string file)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(file);

        Assert.Throws<FormatException>(() => PretrainedConfig.Parse(bytes));
        AssertReadOrRefused(() => PretrainedList.Holds(bytes, new("a", "1", "ONNX")));
    }

    private static void AssertReadOrRefused(Action read)
    {
        try
        {
            read();
        }
        catch (FormatException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
