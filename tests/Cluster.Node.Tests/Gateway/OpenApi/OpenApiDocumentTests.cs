using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using MlCluster.Node.Gateway.OpenApi;
using MlCluster.Node.Hosting;
using MlCluster.Node.Tests.Gateway.Support;
using Specification = Microsoft.OpenApi.OpenApiSpecVersion;
using SpecificationReader = Microsoft.OpenApi.OpenApiDocument;

namespace MlCluster.Node.Tests.Gateway.OpenApi;

/// <summary>The document of <c>/openapi.json</c> against the routes that are there.</summary>
public sealed class OpenApiDocumentTests : IAsyncLifetime
{
    // The host's own, which says nothing of itself.
    private const string Undescribed = "GET /mapped";

    private readonly GatewayHost _host = new();
    private ApiDescription _document = null!;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _document = await ApiDescription.OfAsync(_host);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void Document_ByTheSpecification_IsValid()
    {
        var read = SpecificationReader.Parse(_document.Text, "json");

        Assert.Empty(read.Diagnostic!.Errors.Select(e => $"{e.Pointer}: {e.Message}"));
        Assert.Equal(Specification.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        Assert.NotEmpty(read.Document!.Paths);
    }

    [Fact]
    public void EveryEndpoint_HasADescription() =>
        Assert.Empty(_host.Endpoints.Where(e => e.Description is null).Select(e => $"{e.Method} {e.Path}"));

    [Fact]
    public void EveryMappedRoute_HasADescription()
    {
        var routes = MappedByTheHost();

        Assert.NotEmpty(routes);
        Assert.All(routes, r => Assert.NotNull(r.Metadata.GetMetadata<RouteDescription>()));
    }

    [Fact]
    public void Document_HasTheRoutesThatAreThereAndNoOthers() => Assert.Equal(
        _host.Endpoints.Select(e => $"{e.Method} {e.Path}").Append(Undescribed).Order(StringComparer.Ordinal),
        _document.Operations.Select(o => o.ToString()).Order(StringComparer.Ordinal));

    [Fact]
    public void Document_RouteThatNobodyDescribed_IsThereAllTheSame() =>
        Assert.Equal("Undescribed", Assert.Single(_document.Operations, o => o.ToString() == Undescribed).Tag);

    [Fact]
    public async Task EveryOperation_IsAnswered()
    {
        foreach (var operation in _document.Operations)
        {
            var (status, body) = await _host.SendAsync(operation.Method, operation.ExamplePath);

            Assert.True(
                status != 405 && !body.Contains("no handler found", StringComparison.Ordinal),
                $"{operation}: {status} {body}");
        }
    }

    [Fact]
    public void Names_OfOperationsAndTags_AreUniqueAndDeclared()
    {
        var ids = _document.Operations.Select(o => o.Id).ToList();
        var tags = _document.Root["tags"]!.AsArray().Select(t => (string)t!["name"]!).ToList();

        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(tags.Distinct(), tags);
        Assert.Empty(_document.Operations.Where(o => o.ToString() != Undescribed).Select(o => o.Tag).Except(tags));
    }

    [Fact]
    public void Components_AreThoseThatAreMeant()
    {
        var routes = _host.Endpoints.Select(DescribedRoute.Of)
            .Concat(MappedByTheHost().SelectMany(DescribedRoute.Of));

        var whole = OpenApiDocument.Of(OpenApiParts.Load(), routes);

        var there = whole["components"]!.AsObject()
            .SelectMany(section => section.Value!.AsObject().Select(c => $"{section.Key}/{c.Key}"));
        Assert.Equal(
            there.Order(StringComparer.Ordinal),
            ApiDescription.References(whole).Distinct().Order(StringComparer.Ordinal));
    }

    private static List<RouteEndpoint> MappedByTheHost()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapHealth();
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).Cast<RouteEndpoint>()];
    }
}
