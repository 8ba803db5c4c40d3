using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.OpenApi;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Answers one call; refusals are thrown as <see cref="ApiException"/>.</summary>
internal delegate ValueTask<ApiAnswer> EndpointHandler(ApiCall call);

/// <summary>One row of the route table.</summary>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Path">Template such as <c>/_plugins/_ml/models/{model_id}</c>.</param>
internal sealed record ApiEndpoint(string Method, string Path, EndpointHandler Handler)
{
    private static readonly ApiError NoBody = new(400, "parse_exception", "request body is required");

    /// <summary>What the endpoint does with a body.</summary>
    public BodyRule Body { get; init; } = BodyRule.None;

    /// <summary>What a client reads that sends none where it is required.</summary>
    public ApiError WithoutBody { get; init; } = NoBody;

    /// <summary>Query parameters that it reads, beside the common ones.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>True for <c>_cat</c>: <c>format=text</c> is meant too.</summary>
    public bool TextAnswers { get; init; }

    /// <summary>What <c>/openapi.json</c> says of it; a test holds that no endpoint is without.</summary>
    public RouteDescription? Description { get; init; }
}

/// <summary>What an endpoint does with a body.</summary>
internal enum BodyRule
{
    /// <summary>It reads none: a body is a mistake.</summary>
    None,

    /// <summary>JSON, or nothing.</summary>
    Optional,

    /// <summary>JSON; nothing is a mistake.</summary>
    Required,

    /// <summary>The handler reads the bytes itself, as a stream.</summary>
    Raw,
}
