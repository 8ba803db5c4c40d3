using System.Text;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Pretrained;

namespace MlCluster.Node.Tests.Domain.Pretrained;

public sealed class PretrainedConfigTests
{
    private static readonly ModelSpec Asked = Some.Spec with
    {
        Name = "huggingface/a", Config = new ModelConfig("", null, ""), ModelGroupId = "g",
    };

    [Fact]
    public void Complete_EveryField_BecomesPartOfTheRegistration()
    {
        var config = Parse(
            $$"""
            {"name":"a","version":"1.0.1","description":"d","model_task_type":"text_embedding",
             "model_format":"torch_script","model_content_size_in_bytes":7,
             "model_content_hash_value":"{{Some.Hash.ToUpperInvariant()}}","created_time":1,
             "model_config":{"model_type":"bert","embedding_dimension":384,"framework_type":"huggingface_transformers",
              "pooling_mode":"mean","normalize_result":true,"model_max_length":128,"query_prefix":"q: ",
              "passage_prefix":"p: ","all_config":"{\"a\":1}","additional_config":{"space_type":"l2"},"odd":[]} }
            """);

        Assert.Equal(Some.Hash, config.Sha256);
        Assert.Equal(
            Asked with
            {
                Description = "d",
                Config = new ModelConfig(
                    "bert", 384, "HUGGINGFACE_TRANSFORMERS", """{"a":1}""", "MEAN", true, 128, "q: ", "p: ",
                    """{"space_type":"l2"}"""),
            },
            config.Complete(Asked));
        Assert.Equal("mine", config.Complete(Asked with { Description = "mine" }).Description);
    }

    [Fact]
    public void Complete_FunctionNameBeforeTaskType_NamesTheFunction()
    {
        var config = Parse(
            $$"""{"function_name":"SPARSE_ENCODING","model_task_type":"x","model_content_hash_value":"{{Some.Hash}}"}""");

        Assert.Equal("SPARSE_ENCODING", config.Complete(Asked).FunctionName);
    }

    [Fact]
    public void Complete_OtherFormat_IsRefused()
    {
        var config = Parse(
            $$"""{"function_name":"SPARSE_ENCODING","model_format":"ONNX","model_content_hash_value":"{{Some.Hash}}"}""");

        Assert.Equal(
            "its model_format is ONNX, TORCH_SCRIPT was asked for",
            Assert.Throws<FormatException>(() => config.Complete(Asked)).Message);
    }

    [Theory]
    [InlineData("x", "it is not JSON")]
    [InlineData("[]", "it is not an object")]
    [InlineData("{}", "it has neither function_name nor model_task_type")]
    [InlineData("""{"function_name":"KMEANS"}""", "function_name KMEANS is not served")]
    [InlineData("""{"function_name":1}""", "function_name is not a text")]
    [InlineData("""{"function_name":"TEXT_EMBEDDING"}""", "model type is null")]
    [InlineData("""{"function_name":"SPARSE_ENCODING"}""", "model_content_hash_value is not the SHA-256")]
    [InlineData(
        """{"function_name":"SPARSE_ENCODING","model_content_hash_value":"abc"}""",
        "model_content_hash_value is not the SHA-256")]
    [InlineData(
        """{"function_name":"TEXT_EMBEDDING","model_config":{"model_type":"bert","embedding_dimension":1.5}}""",
        "embedding_dimension is not a whole number")]
    [InlineData(
        """{"function_name":"TEXT_EMBEDDING","model_config":{"model_type":"bert","normalize_result":"yes"}}""",
        "normalize_result is neither true nor false")]
    [InlineData(
        """{"function_name":"TEXT_EMBEDDING","model_config":{"model_type":"bert","framework_type":"x"}}""",
        "framework_type X is not served")]
    [InlineData(
        """{"function_name":"TEXT_EMBEDDING","model_config":{"model_type":"bert","pooling_mode":"x"}}""",
        "pooling_mode X is not served")]
    public void Parse_WhatCannotBeServed_SaysWhy(string json, string reason)
    {
        var error = Assert.Throws<FormatException>(() => Parse(json));

        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
    }

    private static PretrainedConfig Parse(string json) => PretrainedConfig.Parse(Encoding.UTF8.GetBytes(json));
}
