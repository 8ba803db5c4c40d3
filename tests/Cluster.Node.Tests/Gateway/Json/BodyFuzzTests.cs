using CsCheck;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Groups;
using MlCluster.Node.Gateway.Json;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Gateway.Profiles;
using MlCluster.Node.Gateway.Registration;
using MlCluster.Node.Gateway.Search;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Gateway.Stats;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Json;

/// <summary>Whatever a body holds, each reader takes it or says what the client did wrong.</summary>
public sealed class BodyFuzzTests
{
    private const string Limiter = """{"limit":4,"unit":"MINUTES"}""";

    private const string Config =
        """
        {"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers","all_config":"{\"a\":1}",
        "pooling_mode":"mean","normalize_result":true,"model_max_length":16,"query_prefix":"q","passage_prefix":"p",
        "additional_config":{"token_max_length":16}}
        """;

    private const string Ids = """{"model_ids":["m1","m2"],"node_ids":["_all","n"]}""";

    private const string Registration =
        $$$"""
        {"name":"a","version":1,"description":"d","model_format":"TORCH_SCRIPT","function_name":"text_embedding",
        "model_config":{{{Config}}},"url":"https://example.org/a.zip","model_group_id":"g","model_node_ids":["n"],
        "model_content_hash_value":"0000000000000000000000000000000000000000000000000000000000000000","total_chunks":2,
        "model_content_size_in_bytes":9,"is_enabled":true,"rate_limiter":{{{Limiter}}},"model_state":"REGISTERING",
        "access_mode":"private","backend_roles":["r"],"add_all_backend_roles":false,"model_id":"own"}
        """;

    private delegate object? Reader(byte[] body);

    [Fact]
    public void Registration_AnyBody_IsReadOrRefused()
    {
        AssertReadOrRefused(b => RegistrationBody.Parse(b).CheckForUrl(static _ => null), Registration);
        AssertReadOrRefused(b => RegistrationBody.Parse(b).CheckForChunks(), Registration);
    }

    [Fact]
    public void Controller_AnyBody_IsReadOrRefused() => AssertReadOrRefused(
        b => ControllerBody.Parse(b), $$$$"""{"user_rate_limiter":{"ada":{{{{Limiter}}}},"bob":{"unit":"DAYS"}}}""");

    [Fact]
    public void ModelUpdate_AnyBody_IsReadOrRefused() => AssertReadOrRefused(
        b => ModelUpdateBody.Parse(b),
        $$$"""
        {"name":"a","description":"d","model_group_id":"g","is_enabled":false,"rate_limiter":{{{Limiter}}},
        "model_config":{{{Config}}}}
        """,
        """{"connector_id":"c"}""");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ModelGroup_AnyBody_IsReadOrRefused(bool isControlled) => AssertReadOrRefused(
        b => ModelGroupBody.Parse(b, isControlled).RequireName(),
        """{"name":"g","description":"d","access_mode":"restricted","backend_roles":["r","s"]}""",
        """{"name":"g","access_mode":"public","add_all_backend_roles":true}""");

    [Fact]
    public void Stats_AnyBody_IsReadOrRefused() => AssertReadOrRefused(
        b => StatsQuery.Parse(b),
        """
        {"target_stat_levels":["cluster","node","algorithm","action","model"],"cluster_level_stats":["ml_model_count"],
        "node_level_stats":["ml_request_count"],"action_level_stats":["ml_action_request_count"],"node_ids":["n"],
        "algorithms":["text_embedding"],"actions":["predict"],"models":["m"]}
        """);

    [Fact]
    public void Stats_AnyPath_IsReadOrRefused() => Gen.Select(Gen.String, Gen.String).Sample(
        (nodes, stats) => AssertReadOrRefused(() => StatsQuery.OfPath(nodes, stats)));

    [Fact]
    public void Undeployment_AnyBody_IsReadOrRefused() =>
        AssertReadOrRefused(b => IdField.Read(b, "model_ids", "node_ids"), Ids);

    [Fact]
    public void Deployment_AnyBody_IsReadOrRefused() =>
        AssertReadOrRefused(b => IdField.Read(b, "node_ids"), Ids);

    [Fact]
    public void Profile_AnyBody_IsReadOrRefused() => AssertReadOrRefused(
        b => ProfileQuery.Parse(b),
        """{"model_ids":["m"],"task_ids":["t"],"node_ids":["n"],"return_all_tasks":true,"return_all_models":false}""");

    [Fact]
    public void Settings_AnyBody_IsReadOrRefused() => AssertReadOrRefused(
        b => SettingsBody.Parse(b),
        """
        {"persistent":{"plugins.ml_commons":{"max_model_on_node":3,"exclude_nodes":{"_name":["a"]}}},
        "transient":{"a.*":null}}
        """);

    [Fact]
    public void Search_AnyBody_IsReadOrRefused() => AssertReadOrRefused(
        b => SearchBody.Parse(b),
        """
        {"query":{"bool":{"must":[{"match":{"name":{"query":"a b","operator":"and"}}},{"ids":{"values":["1"]}}],
        "must_not":{"exists":{"field":"chunk_number"}},"filter":[{"range":{"created_time":{"gte":"now-7d","lt":9}}},
        {"terms":{"algorithm":["A","B"]}},{"wildcard":{"name.keyword":{"value":"a*"}}}],"minimum_should_match":1,
        "should":[{"term":{"model_state":"DEPLOYED"}},{"prefix":{"name":"a"}},{"match_phrase":{"name":"a b"}}]}},
        "from":1,"size":2,"sort":[{"created_time":{"order":"desc"}},"_score"],"search_after":[1,"a"],
        "_source":{"includes":["name"],"excludes":["*_time"]},"track_total_hits":3,"min_score":0.5}
        """);

    [Theory]
    [InlineData(FunctionNames.TextEmbedding)]
    [InlineData(FunctionNames.TextSimilarity)]
    [InlineData(FunctionNames.SparseEncoding)]
    [InlineData(FunctionNames.SparseTokenize)]
    [InlineData(FunctionNames.QuestionAnswering)]
    public void Predict_AnyBody_IsReadOrRefused(string function) => AssertReadOrRefused(
        b => PredictFields.Parse(b).For(function),
        """
        {"text_docs":["a","b"],"return_number":true,"return_bytes":false,"target_response":["sentence_embedding"],
        "target_response_positions":[0,1],"parameters":{"content_type":"query","sparse_embedding_format":"TOKEN_ID"}}
        """,
        """{"text_docs":["a"],"result_filter":{"return_number":false,"return_bytes":true,"target_response":["b"]}}""",
        """{"query_text":"q","text_docs":["a","b"]}""",
        """{"question":"q","context":"One. Two."}""");

    private static void AssertReadOrRefused(Reader read, params string[] good)
    {
        OddJson.Of(good).Sample(body => AssertReadOrRefused(() => read(body)), iter: 5_000);
    }

    private static void AssertReadOrRefused(Func<object?> read)
    {
        try
        {
            Assert.NotNull(read());
        }
        catch (ApiException e)
        {
            Assert.Equal(400, e.Error.Status);
            Assert.NotEmpty(e.Error.Reason!);
        }
    }
}
