using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.OpenApi;

/// <summary>A route as the API's document sees it, wherever it is answered.</summary>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Path">Template such as <c>/_plugins/_ml/models/{model_id}</c>.</param>
/// <param name="Description">Null: nobody has described it; the document lists it all the same.</param>
internal sealed record DescribedRoute(string Method, string Path, RouteDescription? Description)
{
    /// <summary>What it does with a body.</summary>
    public BodyRule Body { get; private init; } = BodyRule.None;

    /// <summary>Query parameters that it reads, beside the common ones.</summary>
    public IReadOnlyList<string> Parameters { get; private init; } = [];

    /// <summary>True: the frame's rules hold, its common parameters and refusals among them.</summary>
    public bool IsFramed { get; private init; }

    /// <summary>Placeholders of the path, without their braces.</summary>
    public IEnumerable<string> Placeholders =>
        RouteTable.SplitPath(Path).Where(s => s[0] == '{').Select(s => s.Trim('{', '}'));

    /// <summary>A row of the route table.</summary>
    public static DescribedRoute Of(ApiEndpoint endpoint) => new(
        endpoint.Method,
        endpoint.Path,
        endpoint.TextAnswers && endpoint.Description is { } about
            ? about with { AnswersText = true }
            : endpoint.Description)
    {
        Body = endpoint.Body, Parameters = endpoint.Parameters, IsFramed = true,
    };

    /// <summary>A route that the host itself maps, such as <c>/health/live</c>; one that names no methods is told
    /// with GET.</summary>
    public static IEnumerable<DescribedRoute> Of(RouteEndpoint endpoint)
    {
        var description = endpoint.Metadata.GetMetadata<RouteDescription>();
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
        var path = "/" + endpoint.RoutePattern.RawText?.TrimStart('/');
        return methods.DefaultIfEmpty(HttpMethods.Get).Select(m => new DescribedRoute(m, path, description));
    }
}
