using MlCluster.Node.Domain.Pretrained;

namespace MlCluster.Node.Tests.Domain.Pretrained;

public sealed class PretrainedModelTests
{
    [Theory]
    [InlineData("huggingface/sentence-transformers/a", "TORCH_SCRIPT", "sentence-transformers_a-1.0.1-torch_script.zip")]
    [InlineData("amazon/neural-sparse/b", "TORCH_SCRIPT", "neural-sparse_b-1.0.1-torch_script.zip")]
    [InlineData("ours/mini", "ONNX", "mini-1.0.1-onnx.zip")]
    [InlineData("mini", "TORCH_SCRIPT", "mini-1.0.1-torch_script.zip")]
    public void Paths_OfAName_AreThoseOfTheLayout(string name, string format, string archive)
    {
        var model = new PretrainedModel(name, "1.0.1", format);

        Assert.Equal($"{name}/1.0.1/{format.ToLowerInvariant()}/config.json", model.ConfigPath);
        Assert.Equal($"{name}/1.0.1/{format.ToLowerInvariant()}/{archive}", model.ArchivePath);
        Assert.True(model.StaysInside);
    }

    [Theory]
    [InlineData("../a", "1")]
    [InlineData("a/..", "1")]
    [InlineData("/etc", "1")]
    [InlineData("a//b", "1")]
    [InlineData("a/./b", "1")]
    [InlineData("a", "..")]
    [InlineData("a", "1/../..")]
    [InlineData("a", "")]
    [InlineData("a\\b", "1")]
    public void StaysInside_NameThatLeavesTheRoot_IsFalse(string name, string version) =>
        Assert.False(new PretrainedModel(name, version, "ONNX").StaysInside);

    /// <summary>Two files of OpenSearch's own repository, by the addresses that its published list gives them.</summary>
    [Theory]
    [InlineData(
        "huggingface/sentence-transformers/all-distilroberta-v1",
        "TORCH_SCRIPT",
        "huggingface/sentence-transformers/all-distilroberta-v1/1.0.1/torch_script/"
        + "sentence-transformers_all-distilroberta-v1-1.0.1-torch_script.zip")]
    [InlineData(
        "huggingface/sentence-transformers/all-MiniLM-L12-v2",
        "ONNX",
        "huggingface/sentence-transformers/all-MiniLM-L12-v2/1.0.1/onnx/"
        + "sentence-transformers_all-MiniLM-L12-v2-1.0.1-onnx.zip")]
    public void UrlOf_ModelOfOpenSearchsOwnRepository_IsItsAddress(string name, string format, string path)
    {
        const string Root = "https://artifacts.opensearch.org/models/ml-models";

        var model = new PretrainedModel(name, "1.0.1", format);

        Assert.Equal($"{Root}/{path}", RepositoryAddress.Parse(Root)!.UrlOf(model.ArchivePath));
    }
}
