namespace MlCluster.Node.Gateway.OpenApi;

/// <summary>The page that shows the API and tries its calls: Swagger UI, out of this process and nowhere else.</summary>
internal static class ApiPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/openapi";

    private const string Title = "MlCluster";

    /// <summary>Serves the page below its path; other requests do not pass it.</summary>
    public static void UseApiPage(this WebApplication app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal),
        branch => branch.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Path[1..];
            page.DocumentTitle = Title;
            // Beside the page, so that it is found behind a proxy that puts something in front of all paths.
            page.SwaggerEndpoint("../openapi.json", Title);
            page.DefaultModelsExpandDepth(0);
            page.EnableFilter();
        }));
}
