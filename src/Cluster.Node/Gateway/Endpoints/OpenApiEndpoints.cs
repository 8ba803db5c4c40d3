using System.Text.Json;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.OpenApi;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary><c>GET /openapi.json</c>: all routes of this node, this one among them.</summary>
internal sealed class OpenApiEndpoints : IEndpointSource
{
    private readonly Lazy<string> _document;

    // The sources are looked for when a request comes: this one is made while they are gathered.
    public OpenApiEndpoints(IServiceProvider services) =>
        _document = new Lazy<string>(() => OpenApiDocument.Of(OpenApiParts.Load(), RoutesOf(services))
            .ToJsonString(new JsonSerializerOptions { Encoder = JsonAnswer.Compact.Encoder }));

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        new("GET", "/openapi.json", GetAsync)
        {
            Description = new("getOpenApi", "API", "This document") { Answer = "OpenApiDocument" },
        },
    ];

    private static IEnumerable<DescribedRoute> RoutesOf(IServiceProvider services) =>
    [
        .. services.GetServices<IEndpointSource>().SelectMany(s => s.Endpoints).Select(DescribedRoute.Of),
        .. services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(DescribedRoute.Of),
    ];

    private ValueTask<ApiAnswer> GetAsync(ApiCall call) =>
        new(new JsonAnswer(json => json.WriteRawValue(_document.Value, skipInputValidation: true)));
}
