using System.Text;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Predict;

namespace MlCluster.Node.Tests.Gateway.Predict;

public sealed class PredictBodyTests
{
    [Fact]
    public void Parse_SeedPagesBody_IsRead()
    {
        var body = Parse(
            """{"text_docs":[ "today is sunny"],"return_number": true,"target_response": ["sentence_embedding"]}""");

        Assert.Equal(["today is sunny"], body.Texts);
        Assert.True(body.ReturnNumber);
        Assert.False(body.ReturnBytes);
        Assert.Equal(["sentence_embedding"], body.TargetResponse);
        Assert.Null(body.TargetPositions);
    }

    [Fact]
    public void Parse_ResultFilter_WinsOverFlatFields()
    {
        var body = Parse(
            Support.Samples.OneLine("""
                {"result_filter":{"return_bytes":true,"return_number":false,"target_response_positions":[1,"2"]},
                "target_response":["a"],"text_docs":["t"]}
                """));

        Assert.False(body.ReturnNumber);
        Assert.True(body.ReturnBytes);
        Assert.Null(body.TargetResponse);
        Assert.Equal([1, 2], body.TargetPositions);
        Assert.True(body.IncludeData);
    }

    [Fact]
    public void Parse_EmptyFilters_FilterNothing()
    {
        var body = Parse("""{"text_docs":["t", 1, true],"target_response":[],"target_response_positions":[]}""");

        Assert.Equal(["t", "1", "true"], body.Texts);
        Assert.Null(body.TargetResponse);
        Assert.Null(body.TargetPositions);
    }

    [Theory]
    [InlineData("{}", "Empty text docs")]
    [InlineData("""{"text_docs":[]}""", "Empty text docs")]
    [InlineData("""{"text_docs":["a",null]}""", "Can't get text on a VALUE_NULL at 1:19")]
    [InlineData(
        """{"text_docs":"a"}""",
        "Failed to parse object: expecting token of type [START_ARRAY] but found [VALUE_STRING]")]
    [InlineData("""{"text_docs":["a"],"parameters":{"content_type":"title"}}""", "Wrong content_type: [title]")]
    [InlineData("""{"text_docs":["a"],"parameters":{"sparse_embedding_format":1}}""", "Wrong sparse_embedding_format")]
    public void Parse_WrongBody_IsRefused(string body, string reason)
    {
        var e = Assert.Throws<ApiException>(() => Parse(body));

        Assert.Equal(400, e.Error.Status);
        Assert.StartsWith(reason, e.Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Parameters_AreReadInAnyCase()
    {
        var body = Parse(
            """{"parameters":{"content_type":"Query","sparse_embedding_format":"token_id","x":1},"text_docs":["a"]}""");

        Assert.Equal((DocumentRole.Query, TokenFormat.TokenId), (body.Role!.Value, body.Format));
    }

    [Fact]
    public void For_Similarity_TakesTheQueryAndLeavesTheFilterUnread()
    {
        var body = Parse(
            """{"query_text":"q","text_docs":["a","b"],"return_number":false,"target_response":["x"]}""",
            FunctionNames.TextSimilarity);

        Assert.Equal("q", body.Query);
        Assert.Equal(["a", "b"], body.Texts);
        Assert.Equal((true, true), (body.ReturnNumber, body.ReturnBytes));
        Assert.Null(body.TargetResponse);
    }

    [Fact]
    public void For_QuestionAnswering_TakesTheContextForItsOneText()
    {
        var body = Parse("""{"context":"c","question":"q"}""", FunctionNames.QuestionAnswering);

        Assert.Equal("q", body.Query);
        Assert.Equal(["c"], body.Texts);
    }

    [Theory]
    [InlineData(FunctionNames.TextSimilarity, """{"query_text":"q"}""", "No text documents were provided")]
    [InlineData(FunctionNames.TextSimilarity, """{"text_docs":["a"]}""", "No query text was provided")]
    [InlineData(FunctionNames.TextSimilarity, """{"query_text":null}""", "Can't get text on a VALUE_NULL")]
    [InlineData(FunctionNames.QuestionAnswering, """{"text_docs":["a"]}""", "Question is not provided")]
    [InlineData(FunctionNames.QuestionAnswering, """{"question":"q"}""", "Context is not provided")]
    [InlineData(FunctionNames.SparseEncoding, """{"question":"q","context":"c"}""", "Empty text docs")]
    public void For_FieldOfTheFunctionMissing_IsNamed(string function, string body, string reason)
    {
        var e = Assert.Throws<ApiException>(() => Parse(body, function));

        Assert.Equal(400, e.Error.Status);
        Assert.StartsWith(reason, e.Error.Reason, StringComparison.Ordinal);
    }

    private static PredictBody Parse(string body, string function = FunctionNames.TextEmbedding) =>
        PredictFields.Parse(Encoding.UTF8.GetBytes(body)).For(function);
}
