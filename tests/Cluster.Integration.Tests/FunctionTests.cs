using System.Net;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Models of every function through REST, from registration to answer, on one real node.</summary>
public sealed class FunctionTests
{
    private const string Ml = "/_plugins/_ml";

    [SkippableFact]
    public async Task EveryFunction_RegisteredDeployedAsked_AnswersInItsOwnShape()
    {
        var shared = Repository.Shared();
        using var data = new TemporaryFolder();
        await using var node = await NodeProcess.StartAsync(data.Path, "--allow-files", shared);
        var client = new MlClient(node.Http);

        var similarity = await ServeAsync(
            client,
            "TEXT_SIMILARITY",
            $"{shared}/models/tiny-cross-encoder_torchscript.zip",
            """{"model_type":"bert"}""");
        var scores = await PredictAsync(
            client, similarity, """{"query_text":"today is sunny","text_docs":["it rains","the sun shines"]}""");
        Assert.Equal(2, scores.Count);
        Assert.All(scores, s => Assert.Equal(
            ("similarity", "FLOAT32", 1), ((string?)s["name"], (string?)s["data_type"], s["data"]!.AsArray().Count)));
        Assert.All(scores, s => Assert.NotNull(s["byte_buffer"]?["array"]));

        var sparse = await ServeAsync(
            client, "SPARSE_ENCODING", $"{shared}/fixtures/ml-commons/sparse_demo.zip", config: null);
        var words = (await PredictAsync(client, sparse, """{"text_docs":["today is sunny"]}"""))[0];
        AssertWeights(words, ("today", 0.08685538f), ("is", 0.0656248f), ("sunny", 0.37871045f));
        var ids = (await PredictAsync(
            client, sparse,
            """{"text_docs":["today is sunny"],"parameters":{"sparse_embedding_format":"TOKEN_ID"}}"""))[0];
        Assert.Equal(0.37871045f, (float)ids["dataAsMap"]!["response"]![0]!["11559"]!, 1e-6f);

        var tokenizer = await ServeAsync(
            client, "SPARSE_TOKENIZE", $"{shared}/fixtures/ml-commons/tokenize-demo.zip", config: null);
        var tokens = (await PredictAsync(client, tokenizer, """{"text_docs":["today is sunny"]}"""))[0];
        AssertWeights(tokens, ("today", 1), ("is", 1), ("sunny", 1));
        Assert.Null(tokens["name"]);

        var answers = await ServeAsync(
            client, "QUESTION_ANSWERING", $"{shared}/models/tiny-question-answering_torchscript.zip",
            """{"model_type":"bert","framework_type":"huggingface_transformers"}""");
        var answer = (await PredictAsync(
            client, answers,
            """
            {"question":"An unread letter translates an empty stadium.",
             "context":"Our neighbour's cat carries an empty stadium?"}
            """))[0];
        Assert.Equal("""{"result":". [SEP] our neighbour ' s cat"}""", answer.ToJsonString(Relaxed));

        var highlighting = await ServeAsync(
            client, "QUESTION_ANSWERING", $"{shared}/fixtures/ml-commons/sentence_highlighting_qa_model_pt.zip",
            """{"model_type":"sentence_highlighting","framework_type":"huggingface_transformers"}""");
        var highlights = (await PredictAsync(
            client, highlighting, """{"question":"what","context":"It is one. It is two. It is three."}"""))[0];
        Assert.Equal(
            """{"name":"highlights","dataAsMap":{"highlights":["""
            + """{"text":"It is one.","position":0,"start":0,"end":10},"""
            + """{"text":"It is two.","position":1,"start":11,"end":21}]}}""",
            highlights.ToJsonString());

        var asymmetric = await ServeAsync(
            client, "TEXT_EMBEDDING", $"{shared}/models/tiny-embedding_torchscript_huggingface.zip",
            """
            {"model_type":"bert","embedding_dimension":32,"framework_type":"huggingface_transformers",
             "query_prefix":"query: ","passage_prefix":"passage: ","model_max_length":64}
            """);
        var vector = (await PredictAsync(
            client, asymmetric, """{"text_docs":["it rains"],"parameters":{"content_type":"query"}}"""))[0];
        Assert.Equal(32, vector["data"]!.AsArray().Count);
        await AssertRefusedAsync(
            client, asymmetric, """{"text_docs":["it rains"]}""", "The embedding model chosen is asymmetric.");
        await AssertRefusedAsync(client, similarity, """{"text_docs":["a"]}""", "No query text was provided");
        await AssertRefusedAsync(client, answers, """{"question":"q"}""", "Context is not provided");
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static async Task<string> ServeAsync(MlClient client, string function, string archive, string? config)
    {
        var member = config is null ? "" : $"\"model_config\":{config},";
        var started = await client.OkAsync(
            "POST",
            $"{Ml}/models/_register",
            $$"""
            {{{member}}"name":"m","version":"1","model_format":"TORCH_SCRIPT","url":"file://{{archive}}",
             "function_name":"{{function}}"}
            """);
        var registered = await client.FinishedTaskAsync((string)started["task_id"]!);
        Assert.True((string?)registered["state"] == "COMPLETED", $"{function}: {registered.ToJsonString()}");
        var model = (string)registered["model_id"]!;
        var deployed = await client.DeployAsync(model);
        Assert.True((string?)deployed["state"] == "COMPLETED", $"{function}: {deployed.ToJsonString()}");
        Assert.Equal(function, (string?)(await client.OkAsync("GET", $"{Ml}/models/{model}"))["algorithm"]);
        return model;
    }

    /// <summary>The first output of each result.</summary>
    private static async Task<List<JsonNode>> PredictAsync(MlClient client, string model, string body)
    {
        var answer = await client.OkAsync("POST", $"{Ml}/models/{model}/_predict", body);
        return [.. answer["inference_results"]!.AsArray().Select(r => Assert.Single(r!["output"]!.AsArray())!)];
    }

    private static async Task AssertRefusedAsync(MlClient client, string model, string body, string reason)
    {
        var (status, answer) = await client.SendAsync("POST", $"{Ml}/models/{model}/_predict", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(reason, (string?)answer["error"]!["reason"], StringComparison.Ordinal);
    }

    private static void AssertWeights(JsonNode output, params (string Token, float Weight)[] expected)
    {
        var weights = Assert.Single(output["dataAsMap"]!["response"]!.AsArray())!.AsObject();
        Assert.Equal(
            expected.Select(e => e.Token).Order(StringComparer.Ordinal),
            weights.Select(w => w.Key).Order(StringComparer.Ordinal));
        Assert.All(expected, e => Assert.Equal(e.Weight, (float)weights[e.Token]!, 1e-6f));
    }
}
