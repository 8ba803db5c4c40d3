using System.Text.Json.Nodes;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Predictions of functions beside TEXT_EMBEDDING: what the node is asked, and the answer's JSON.</summary>
public sealed class FunctionHttpTests : IAsyncLifetime
{
    private static readonly string Path = $"/_plugins/_ml/models/{Samples.Model}/_predict";
    private readonly GatewayHost _host = new()
    {
        Hocon = "mlcluster.gateway.predict.max-group-tokens = 100",
    };

    private FakeCluster Cluster => _host.Cluster;

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Predict_Similarity_AsksWithTheQueryAndAnswersNumbersAndBytes()
    {
        Serve(FunctionNames.TextSimilarity);
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("similarity", 1)));

        Assert.Equal(
            Samples.OneLine("""
                {"inference_results":[{"output":[{"name":"similarity","data_type":"FLOAT32","shape":[1],"data":[1.0],
                "byte_buffer":{"array":"AACAPw==","order":"LITTLE_ENDIAN"}}]}]}
                """),
            await _host.OkAsync("POST", Path, """{"query_text":"q","text_docs":["d"],"return_number":false}"""));
        var asked = Cluster.Single<PredictRequest>();
        Assert.Equal(("q", "d", true), (asked.Query, asked.Texts.Single(), asked.IncludeData));
    }

    [Fact]
    public async Task Predict_SimilarityOfManyDocuments_EveryGroupCarriesTheQuery()
    {
        Serve(FunctionNames.TextSimilarity);
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, t => Samples.Floats("similarity", t.Length)));
        string[] texts = [.. Enumerable.Range(1, 40).Select(i => new string('x', i))];
        var body = new JsonObject
        {
            ["query_text"] = new string('q', 100),
            ["text_docs"] = new JsonArray([.. texts.Select(t => JsonValue.Create(t))]),
        };

        var answer = await _host.OkAsync("POST", Path, body.ToJsonString());

        var groups = Cluster.Asked.OfType<PredictRequest>().ToList();
        Assert.True(groups.Count > 5, $"{groups.Count} groups");
        Assert.All(groups, g => Assert.Equal(100, g.Query!.Length));
        Assert.Equal(
            Enumerable.Range(1, 40),
            JsonNode.Parse(answer)!["inference_results"]!.AsArray()
                .Select(d => (int)(float)d!["output"]![0]!["data"]![0]!));
    }

    [Fact]
    public async Task Predict_Sparse_AnswersAMapOfWeights()
    {
        Serve(FunctionNames.SparseEncoding);
        Answer(new TensorPayload(
            "output", TensorDataType.Float32, [], default,
            new TensorContent(Weights: new TokenWeightList(["today", "##\"s"], [0.5f, 0.08685538f]))));

        Assert.Equal(
            """{"inference_results":[{"output":[{"name":"output","dataAsMap":{"response":["""
            + """{"today":0.5,"##\"s":0.08685538}]}}]}]}""",
            await _host.OkAsync(
                "POST", Path, """{"text_docs":["t"],"parameters":{"sparse_embedding_format":"TOKEN_ID"}}"""));
        Assert.Equal(TokenFormat.TokenId, Cluster.Single<PredictRequest>().Format);
    }

    [Fact]
    public async Task Predict_Question_AnswersItsText()
    {
        Serve(FunctionNames.QuestionAnswering);
        Answer(new TensorPayload(
            null, TensorDataType.Float32, [], default, new TensorContent(Text: "a \"span\"")));

        Assert.Equal(
            """{"inference_results":[{"output":[{"result":"a \"span\""}]}]}""",
            await _host.OkAsync("POST", Path, """{"question":"q","context":"c"}"""));
        var asked = Cluster.Single<PredictRequest>();
        Assert.Equal(("q", "c"), (asked.Query, asked.Texts.Single()));
    }

    [Fact]
    public async Task Predict_Highlighting_AnswersSentencesWithPlaces()
    {
        Serve(FunctionNames.QuestionAnswering);
        Answer(new TensorPayload(
            "highlights", TensorDataType.Float32, [], default,
            new TensorContent(Highlights: new HighlightList(
                [new Highlight("One.", 0, 0, 4), new Highlight("Two.", 1, 5, 9)]))));

        Assert.Equal(
            Samples.OneLine("""
                {"inference_results":[{"output":[{"name":"highlights","dataAsMap":{"highlights":[
                {"text":"One.","position":0,"start":0,"end":4},
                {"text":"Two.","position":1,"start":5,"end":9}]}}]}]}
                """),
            await _host.OkAsync("POST", Path, """{"question":"q","context":"One. Two."}"""));
    }

    [Fact]
    public async Task Predict_ContentType_TravelsToTheNodeAndItsRefusalBack()
    {
        Serve(FunctionNames.TextEmbedding);
        Cluster.Answer<PredictRequest>(r => new PredictRejected(
            r.ModelId, new ProtocolError(ErrorCode.IllegalArgument, "When passing AsymmetricTextEmbeddingParameters")));

        var (type, reason) = await _host.RefusedAsync(
            400, "POST", Path, """{"text_docs":["a"],"parameters":{"content_type":"passage"}}""");

        Assert.Equal(
            ("illegal_argument_exception", "When passing AsymmetricTextEmbeddingParameters"), (type, reason));
        Assert.Equal(DocumentRole.Passage, Cluster.Single<PredictRequest>().Role);
    }

    [Theory]
    [InlineData("TEXT_SIMILARITY", """{"text_docs":["a"]}""", "No query text was provided")]
    [InlineData("QUESTION_ANSWERING", """{"text_docs":["a"]}""", "Question is not provided")]
    public async Task Predict_FieldOfTheModelsFunctionMissing_IsRefused(string function, string body, string reason)
    {
        Serve(function);

        Assert.StartsWith(reason, (await _host.RefusedAsync(400, "POST", Path, body)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_NoNodeServes_TheModelSaysWhatItIsFor()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        var document = Samples.Document(ModelStatus.Registered, Dialect.Current);
        Cluster.Answer<GetModel>(_ => document with
        {
            Spec = document.Spec with { FunctionName = FunctionNames.QuestionAnswering },
        });

        Assert.Equal(
            "Question is not provided", (await _host.RefusedAsync(400, "POST", Path, """{"context":"c"}""")).Reason);
    }

    [Fact]
    public async Task Predict_AlgorithmOfThePath_SaysWhatTheBodyMustHold() => Assert.Equal(
        "Question is not provided",
        (await _host.RefusedAsync(
            400, "POST", $"/_plugins/_ml/_predict/question_answering/{Samples.Model}", "{}")).Reason);

    private void Serve(string function) =>
        Cluster.Publish(Samples.Node(Samples.NodeA, Samples.Served with { FunctionName = function }));

    private void Answer(TensorPayload output) => Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => output));
}
