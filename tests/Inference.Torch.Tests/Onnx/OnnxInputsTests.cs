using Microsoft.ML.OnnxRuntime.Tensors;
using MlCluster.Inference.Archive;
using MlCluster.Inference.Onnx;

namespace MlCluster.Inference.Tests.Onnx;

/// <summary>Which input of a graph is given what.</summary>
public sealed class OnnxInputsTests
{
    [Theory]
    [InlineData(FunctionKind.TextEmbedding, "input_ids attention_mask", "0 1")]
    [InlineData(FunctionKind.TextEmbedding, "token_type_ids attention_mask input_ids", "zeros 1 0")]
    [InlineData(FunctionKind.TextEmbedding, "input_ids", "0")]
    [InlineData(FunctionKind.TextEmbedding, "x", "0")]
    [InlineData(FunctionKind.SentenceHighlighting, "x", "0")]
    [InlineData(FunctionKind.TextEmbedding, "x y", "0 1")]
    [InlineData(FunctionKind.TextEmbedding, "x y z", "0 1 zeros")]
    [InlineData(FunctionKind.SparseEncoding, "input_ids token_type_ids", "0 zeros")]
    [InlineData(FunctionKind.TextSimilarity, "token_type_ids input_ids attention_mask", "2 0 1")]
    [InlineData(FunctionKind.TextSimilarity, "input_ids attention_mask", "0 1")]
    [InlineData(FunctionKind.TextSimilarity, "a b c", "0 1 2")]
    [InlineData(FunctionKind.SentenceHighlighting, "sentence_ids token_type_ids input_ids attention_mask", "3 2 0 1")]
    public void Bind_Names_AreFollowedInAnyOrder(FunctionKind function, string graph, string expected)
    {
        var bound = OnnxInputs.Bind(Graph(graph), Config(function));

        Assert.Equal(graph.Split(' '), bound.Select(input => input.Name));
        Assert.Equal(expected.Split(' '), bound.Select(input => input.Column is { } at ? $"{at}" : "zeros"));
    }

    [Theory]
    [InlineData(FunctionKind.TextEmbedding, "input_ids position_ids", "the graph takes position_ids, but framework_type")]
    [InlineData(FunctionKind.TextEmbedding, "attention_mask", "the graph takes no input_ids")]
    [InlineData(FunctionKind.TextEmbedding, "a b c d", "the graph takes a, b, c, d, but")]
    [InlineData(
        FunctionKind.QuestionAnswering,
        "input_ids attention_mask token_type_ids",
        "the graph takes token_type_ids, but function QUESTION_ANSWERING gives input_ids, attention_mask and nothing else")]
    public void Bind_WhatNobodyGives_IsRefusedByName(FunctionKind function, string graph, string reason)
    {
        var error = Assert.Throws<ModelFormatException>(() => OnnxInputs.Bind(Graph(graph), Config(function)));

        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TensorElementType.String, 2, "the graph's input input_ids is of type String")]
    [InlineData(TensorElementType.Int64, 3, "the graph's input input_ids has 3 axes")]
    public void Bind_InputOfAnotherKind_IsRefused(TensorElementType type, int rank, string reason)
    {
        var error = Assert.Throws<ModelFormatException>(
            () => OnnxInputs.Bind([new GraphInput("input_ids", type, rank)], Config(FunctionKind.TextEmbedding)));

        Assert.StartsWith(reason, error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<GraphInput> Graph(string names) =>
        [.. names.Split(' ').Select(name => new GraphInput(name, TensorElementType.Int64, 2))];

    private static FunctionConfig Config(FunctionKind function) =>
        new(FrameworkType.HuggingfaceTransformers) { Function = function, Format = ModelFormat.Onnx };
}
