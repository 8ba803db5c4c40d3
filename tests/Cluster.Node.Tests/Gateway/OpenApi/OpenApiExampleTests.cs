using System.Net.Http.Headers;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.OpenApi;

/// <summary>What the document shows is what a gateway does: each example is sent, each answer held to its
/// schema.</summary>
public sealed class OpenApiExampleTests : IAsyncLifetime
{
    private readonly GatewayHost _host = new();
    private ApiDescription _document = null!;

    public async Task InitializeAsync()
    {
        _host.Cluster.AnswerEverything();
        await _host.InitializeAsync();
        _document = await ApiDescription.OfAsync(_host);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Examples_OfEveryRequest_AreAnsweredAsDescribed()
    {
        var check = SchemaCheck.Closed(_document);
        foreach (var operation in _document.Operations)
        {
            foreach (var body in operation.ExampleBodies)
            {
                var answer = await SendAsync(operation, operation.ExamplePath, body);
                if (answer is not null && (operation.Status == 400 ? "Error" : operation.Answer) is { } schema)
                {
                    check.AssertFits(schema, answer, $"{operation}");
                }
            }
        }
    }

    [Fact]
    public async Task Examples_OfEveryParameter_AreAccepted()
    {
        foreach (var operation in _document.Operations)
        {
            foreach (var parameter in operation.QueryParameters)
            {
                var value = Uri.EscapeDataString(ApiOperation.ExampleOf(parameter));
                await SendAsync(
                    operation, $"{operation.ExamplePath}?{parameter["name"]}={value}", operation.ExampleBodies[0]);
            }
        }
    }

    [Fact]
    public async Task Profile_ByModel_IsAsDescribed()
    {
        var answer = await _host.OkAsync("GET", "/_plugins/_ml/profile/models?view=model");

        SchemaCheck.Closed(_document).AssertFits("Profile", answer, "by model");
    }

    [Fact]
    public async Task CatNodes_AsJson_IsAsDescribed() => SchemaCheck.Closed(_document).AssertFits(
        "CatTable", await _host.OkAsync("GET", "/_cat/nodes?format=json"), "as JSON");

    [Theory]
    [InlineData("GET", "/?no_such_parameter=1", "Error")]
    [InlineData("GET", "/?error_trace=true&pretty=x", "Error")]
    [InlineData("PUT", "/", "ShortError")]
    [InlineData("GET", "/?format=yaml", "ShortError")]
    [InlineData("GET", "/nowhere", "ShortError")]
    public async Task Refusals_AreAsDescribed(string method, string path, string schema)
    {
        var (status, body) = await _host.SendAsync(method, path);

        Assert.InRange(status, 400, 499);
        SchemaCheck.Closed(_document).AssertFits(schema, body, path);
    }

    [Fact]
    public void Examples_OfEverySchema_FitIt()
    {
        var check = SchemaCheck.Closed(_document);
        var withExamples = _document.Root["components"]!["schemas"]!.AsObject()
            .Where(s => s.Value!["examples"] is not null).ToList();

        Assert.NotEmpty(withExamples);
        foreach (var (name, schema) in withExamples)
        {
            foreach (var example in schema!["examples"]!.AsArray())
            {
                check.AssertFits(name, example!.ToJsonString(), "example");
            }
        }
    }

    [Fact]
    public void Examples_OfEveryRefusal_HaveItsStatusAndFit()
    {
        var check = SchemaCheck.Closed(_document);
        foreach (var (status, response) in _document.Root["components"]!["responses"]!.AsObject())
        {
            var content = response!["content"]!["application/json"]!;
            var schema = ((string)content["schema"]!["$ref"]!).Split('/')[^1];
            var example = content["example"] ?? _document.Component("schemas", schema)["examples"]![0]!;
            check.AssertFits(schema, example.ToJsonString(), status);
            Assert.Equal(status, example["status"]!.ToString());
        }
    }

    [Fact]
    public void Check_AFieldThatIsNotDescribed_IsNoticed() => Assert.ThrowsAny<Exception>(() =>
        SchemaCheck.Closed(_document).AssertFits("ChunkUploaded", """{"status":"Uploaded","more":1}""", "check"));

    // HEAD has no body to look at.
    private async Task<string?> SendAsync(ApiOperation operation, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        }

        using var answer = await _host.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == operation.Status, $"{operation.Method} {path} {body}: {text}");
        return text.Length > 0 && answer.Content.Headers.ContentType?.MediaType == "application/json" ? text : null;
    }
}
