using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Domain.Uploads;
using MlCluster.Node.Gateway.Endpoints;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Groups;
using MlCluster.Node.Gateway.Interfaces;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Gateway.OpenApi;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Gateway.Profiles;
using MlCluster.Node.Gateway.Registration;
using MlCluster.Node.Gateway.Search;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Gateway.Stats;
using MlCluster.Node.Hosting;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Routing;

namespace MlCluster.Node.Gateway;

/// <summary>The REST gateway: its services and its place in the request pipeline.</summary>
internal static class GatewayRole
{
    /// <summary>Registers what the endpoints need; cluster client and cluster view come from elsewhere.</summary>
    public static void AddGatewayServices(this IServiceCollection services, NodeContext context)
    {
        var options = GatewayOptions.FromConfig(context.Config);
        services.AddSingleton(options);
        services.TryAddSingleton(context);
        services.AddSingleton(s => GateOf(
            PolicyOf(s.GetRequiredService<UrlPolicy>(), context.Options), s.GetRequiredService<IClusterSettings>()));
        services.AddSingleton<SettingsGate>();
        services.AddSingleton<SupervisorClient>();
        services.AddSingleton<IClusterIdentity>(s => s.GetRequiredService<SupervisorClient>());
        services.AddSingleton<SearchClient>().AddSingleton<NodeStatisticsClient>().AddSingleton<StatsCollector>();
        services.AddSingleton<GroupNames>().AddSingleton<ModelGroups>().AddSingleton<GroupMembers>();
        services.AddSingleton<OutstandingTokens>();
        services.AddSingleton(s => new NodeWatch(
            s.GetRequiredService<IClusterViewSource>(),
            s.GetRequiredService<BrokenLinks>(),
            context.Time,
            options.Predict));
        services.TryAddSingleton<LocalServing>();
        services.AddSingleton<PredictDispatcher>().AddSingleton<PredictTelemetry>().AddSingleton<ModelInterfaces>();
        services.AddSingleton<UnfinishedTasks>().AddSingleton<ProfileCollector>();
        AddEndpoints(services);
        services.AddSingleton(s => new RouteTable(s.GetServices<IEndpointSource>().SelectMany(e => e.Endpoints)));
        services.AddSingleton(new BodyMemory(options.MaxBodiesBytes, context.Metrics.Bodies));
        services.AddSingleton<RequestTelemetry>().AddSingleton<RestFrame>();
        services.AddSingleton(new ConnectionDrain(options, context.Time));
        services.AddHostedService(s => s.GetRequiredService<ConnectionDrain>());
        // The frame counts bodies itself, after decompression, and answers in OpenSearch's words.
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            Limit(kestrel.Limits, options);
            OpaqueId.TakeBytes(kestrel);
        });
    }

    private static void Limit(KestrelServerLimits limits, GatewayOptions options)
    {
        limits.MaxRequestBodySize = null;
        HeadLimits.Widen(limits);
        limits.MinRequestBodyDataRate = options.MinBodyBytesPerSecond > 0
            ? new MinDataRate(options.MinBodyBytesPerSecond, options.SlowBodyGrace)
            : null;
    }

    /// <summary>Answers every request that nothing mapped before answers; health passes through.</summary>
    public static void MapGateway(this WebApplication app)
    {
        var frame = app.Services.GetRequiredService<RestFrame>();
        var drain = app.Services.GetRequiredService<ConnectionDrain>();
        app.Use(next => http =>
        {
            drain.Apply(http.Response);
            return drain.IsStopping && http.GetEndpoint() is null ? RestFrame.RefuseAsync(http) : next(http);
        });
        app.UseApiPage();
        app.Use(next => http => http.GetEndpoint() is not null ? next(http) : frame.HandleAsync(http));
    }

    // A gateway apart from data does not know what the data nodes may read: only the URL's form is judged there.
    private static UrlPolicy PolicyOf(UrlPolicy policy, NodeOptions options) => options.HasRole(NodeRole.Data)
        ? policy
        : policy with { AllowPrivateNetworks = true, FileFolders = ["/"] };

    private static UrlGate GateOf(UrlPolicy policy, IClusterSettings settings) =>
        new(url => policy.With(settings.Current).Refusal(url));

    private static void AddEndpoints(IServiceCollection services) => services
        .AddSingleton<IEndpointSource, InfoEndpoints>()
        .AddSingleton<IEndpointSource, RegisterEndpoints>()
        .AddSingleton<IEndpointSource, ChunkEndpoints>()
        .AddSingleton<IEndpointSource, ModelEndpoints>()
        .AddSingleton<IEndpointSource, ModelGroupEndpoints>()
        .AddSingleton<IEndpointSource, ControllerEndpoints>()
        .AddSingleton<IEndpointSource, DeployEndpoints>()
        .AddSingleton<IEndpointSource, UndeployEndpoints>()
        .AddSingleton<IEndpointSource, TaskEndpoints>()
        .AddSingleton<IEndpointSource, SearchEndpoints>()
        .AddSingleton<IEndpointSource, PredictEndpoints>()
        .AddSingleton<IEndpointSource, ProfileEndpoints>()
        .AddSingleton<IEndpointSource, StatsEndpoints>()
        .AddSingleton<IEndpointSource, NodesEndpoints>()
        .AddSingleton<IEndpointSource, NodesStatsEndpoints>()
        .AddSingleton<IEndpointSource, CatEndpoints>()
        .AddSingleton<IEndpointSource, ClusterHealthEndpoints>()
        .AddSingleton<IEndpointSource, SettingsEndpoints>()
        .AddSingleton<IEndpointSource, OpenApiEndpoints>();
}
