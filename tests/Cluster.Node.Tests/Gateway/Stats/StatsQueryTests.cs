using System.Text;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Stats;

namespace MlCluster.Node.Tests.Gateway.Stats;

public class StatsQueryTests
{
    [Fact]
    public void OfPath_NothingNamed_IsEverything()
    {
        var query = StatsQuery.OfPath(null, null);

        Assert.Equal(["cluster", "node", "algorithm", "action", "model"], query.Levels);
        Assert.Empty(query.NodeIds);
    }

    [Theory]
    [InlineData("ml_request_count", "node", "", "ml_request_count")]
    [InlineData("ML_NODE_TOTAL_REQUEST_COUNT", "node", "", "ml_request_count")]
    [InlineData("ml_model_count", "cluster", "ml_model_count", "")]
    [InlineData("ML_MODEL_COUNT,ml_jvm_heap_usage,ml_node_jvm_heap_usage", "cluster,node", "ml_model_count",
        "ml_jvm_heap_usage")]
    public void OfPath_Names_AreSortedByLevel(string stats, string levels, string cluster, string node)
    {
        var query = StatsQuery.OfPath("n1,n2", stats);

        Assert.Equal(levels, string.Join(',', query.Levels));
        Assert.Equal(cluster, string.Join(',', query.ClusterStats));
        Assert.Equal(node, string.Join(',', query.NodeStats));
        Assert.Equal(["n1", "n2"], query.NodeIds);
    }

    [Theory]
    [InlineData("ml_node_wrong", "Wrong ML node level stat: [ml_node_wrong]; there are ml_executing_task_count, ")]
    [InlineData("wrong", "Wrong ML cluster level stat: [wrong]; there are ml_model_index_status, ")]
    [InlineData("ml_action_request_count", "Wrong ML cluster level stat: [ml_action_request_count]; there are ")]
    public void OfPath_UnknownName_IsRefused(string stat, string reason) =>
        Assert.StartsWith(reason, RefusalOf(() => StatsQuery.OfPath(null, stat)), StringComparison.Ordinal);

    [Fact]
    public void Parse_EveryField_IsRead()
    {
        var query = Parse("""
            {"target_stat_levels":["NODE","Model"],"cluster_level_stats":["ML_MODEL_COUNT"],
             "node_level_stats":["ml_node_total_model_count"],"action_level_stats":["ML_ACTION_FAILURE_COUNT"],
             "node_ids":["n1"],"algorithms":["text_embedding","KMEANS"],"actions":["LOAD","predict"],"models":["m1"],
             "unknown":{"a":[1]}}
            """);

        Assert.Equal(["node", "model"], query.Levels);
        Assert.Equal(["ml_model_count"], query.ClusterStats);
        Assert.Equal(["ml_deployed_model_count"], query.NodeStats);
        Assert.Equal(["ml_action_failure_count"], query.ActionStats);
        Assert.Equal(["n1"], query.NodeIds);
        Assert.Equal(["m1"], query.Models);
        Assert.Equal(["TEXT_EMBEDDING", "KMEANS"], query.Algorithms);
        Assert.Equal(["deploy", "predict"], query.Actions);
    }

    [Theory]
    [InlineData("{}", "cluster,node,algorithm,action,model")]
    [InlineData("""{"node_ids":["n"]}""", "cluster,node,algorithm,action,model")]
    [InlineData("""{"cluster_level_stats":["ml_model_count"]}""", "cluster")]
    [InlineData("""{"node_level_stats":["ml_request_count"],"actions":["predict"]}""", "node,action")]
    [InlineData("""{"algorithms":["text_embedding"],"models":["m"]}""", "algorithm,model")]
    public void Parse_NoLevel_MeansThoseOfTheNames(string body, string levels) =>
        Assert.Equal(levels, string.Join(',', Parse(body).Levels));

    [Theory]
    [InlineData("""{"target_stat_levels":["planet"]}""", "Wrong ML stat level: [planet]")]
    [InlineData("""{"cluster_level_stats":["ml_request_count"]}""", "Wrong ML cluster level stat: [ml_request_count]")]
    [InlineData("""{"node_level_stats":["ml_model_count"]}""", "Wrong ML node level stat: [ml_model_count]")]
    [InlineData("""{"action_level_stats":["x"]}""", "Wrong ML action level stat: [x]")]
    [InlineData("""{"actions":["x"]}""", "Wrong action name: [x]")]
    [InlineData("""{"algorithms":["x"]}""", "Wrong function name: [x]")]
    public void Parse_UnknownName_IsRefusedInOpenSearchsWords(string body, string reason) =>
        Assert.StartsWith(reason, RefusalOf(() => Parse(body)), StringComparison.Ordinal);

    private static StatsQuery Parse(string body) => StatsQuery.Parse(Encoding.UTF8.GetBytes(body));

    private static string RefusalOf(Func<StatsQuery> read)
    {
        var error = Assert.Throws<ApiException>(() => read()).Error;
        Assert.Equal((400, "illegal_argument_exception"), (error.Status, error.Type));
        return error.Reason!;
    }
}
