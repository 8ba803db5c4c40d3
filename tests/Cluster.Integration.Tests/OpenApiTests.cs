using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>The description of the API that a whole node gives.</summary>
[Collection(SharedNode.Collection)]
public sealed class OpenApiTests(SharedNode shared)
{
    [Fact]
    public async Task Document_OfAWholeNode_DescribesEveryRoute()
    {
        var document = JsonNode.Parse(await shared.Node.Http.GetStringAsync("/openapi.json"))!;

        var paths = document["paths"]!.AsObject();
        Assert.Contains("/health/ready", paths.Select(p => p.Key));
        Assert.Contains("/_plugins/_ml/models/{model_id}/_deploy", paths.Select(p => p.Key));
        Assert.Empty(
            from path in paths
            from operation in path.Value!.AsObject()
            where (string)operation.Value!["tags"]![0]! == "Undescribed"
            select $"{operation.Key} {path.Key}");
    }

    [Fact]
    public async Task Page_OfAWholeNode_IsThere()
    {
        var page = await shared.Node.Http.GetStringAsync("/openapi");

        Assert.Contains("swagger-ui", page, StringComparison.Ordinal);
    }
}
