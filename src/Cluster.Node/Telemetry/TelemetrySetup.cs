using MlCluster.Node.Gateway.OpenApi;
using MlCluster.Node.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MlCluster.Node.Telemetry;

/// <summary>Shows the node's metrics at <c>/metrics</c>, and sends them and traces by OTLP where that is wanted.</summary>
internal static class TelemetrySetup
{
    private const string Path = "/metrics";
    private const string Service = "mlcluster";

    // Garbage collection, thread pool, processor time.
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>Registers what collects; call before the services are built.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder, NodeContext context)
    {
        var otlp = OtlpSettings.Of(context.Config, Environment.GetEnvironmentVariable);
        builder.Configuration.AddInMemoryCollection(otlp);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(Service, serviceVersion: ThisBuild.Version, serviceInstanceId: context.NodeId.Value)
                .AddAttributes([new("host.name", Environment.MachineName), new("mlcluster.node.name", context.Name)]))
            .WithMetrics(metrics => AddMetrics(metrics, otlp.Count > 0));
        if (otlp.Count > 0)
        {
            telemetry.WithTracing(traces => traces.AddSource(Tracing.SourceName).AddOtlpExporter());
        }
    }

    /// <summary>Answers <c>/metrics</c>, on every node whatever its roles.</summary>
    public static void MapMetrics(this WebApplication app) => app.MapPrometheusScrapingEndpoint(
        Path, meterProvider: null, branch => branch.Use(HealthEndpoints.RefuseOthers), optionsName: null)
        .WithMetadata(new RouteDescription("metrics", "Health", "Numbers of this node, as Prometheus reads them")
            { Details = "On every node, whatever its roles; with HEAD too.", AnswersText = true });

    private static void AddMetrics(MeterProviderBuilder metrics, bool sends)
    {
        metrics.AddMeter(NodeMetrics.MeterName, RuntimeMeter).AddPrometheusExporter(options =>
        {
            // Two scrapes in a row are to tell what happened between them.
            options.ScrapeResponseCacheDurationMilliseconds = 0;
            options.ScopeInfoEnabled = false;
        });
        if (sends)
        {
            metrics.AddOtlpExporter();
        }
    }
}
