using Akka.Actor;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MlCluster.Node.Data;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway;
using MlCluster.Node.Hosting.Databases;
using MlCluster.Node.Hosting.Formation;
using MlCluster.Node.Hosting.Settings;
using MlCluster.Node.Hosting.Tls;
using MlCluster.Node.Ml;
using MlCluster.Node.Routing;
using MlCluster.Node.Settings;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Hosting;

/// <summary>Builds the process out of its options: options → services → roles → endpoints.</summary>
internal static class NodeHost
{
    /// <summary>Runs a node until it is told to stop or the cluster has downed it.</summary>
    /// <returns>Exit code of the process.</returns>
    /// <exception cref="StartupException">It cannot start as asked.</exception>
    public static async Task<int> RunAsync(NodeOptions options)
    {
        SharedDatabase.Ensure(options);
        var config = HoconFiles.Load(options);
        var identity = TlsIdentity.Load(options.Tls, TimeProvider.System.GetUtcNow());
        using var folder = DataFolder.Open(options.DataDirectory);
        await JournalDatabase.Of(options, config).PrepareAsync(options.HasRole(NodeRole.Data), TimeProvider.System);
        var name = options.Name.Length > 0 ? options.Name : MachineName.Current;
        var context = new NodeContext(options, folder.NodeId, name, config, TimeProvider.System) { Tls = identity };
        using var metrics = context.Metrics;
        ListenAddresses.EnsureFree(options);
        WriteWarnings(context);
        await using var app = await StartAsync(context);
        var shutdown = CoordinatedShutdown.Get(app.Services.GetRequiredService<ActorSystem>());
        await app.WaitForShutdownAsync();
        return NodeEnd.Tell(shutdown.ShutdownReason, Environment.ExitCode, Console.Error);
    }

    private static void WriteWarnings(NodeContext context)
    {
        var variables = Environment.GetEnvironmentVariables().Keys.Cast<string>();
        string?[] ofCertificate = [CertificateLife.Warning(context)];
        foreach (var warning in StartupWarnings.Of(context.Options, variables).Concat(ofCertificate.OfType<string>()))
        {
            Console.Error.WriteLine($"warning: {warning}");
        }
    }

    // Our own keys are judged when the files are read; what Akka thinks of its keys shows when they are used.
    private static async Task<WebApplication> StartAsync(NodeContext context)
    {
        WebApplication? app = null;
        try
        {
            app = Build(context);
            await app.StartAsync();
            return app;
        }
        catch (Exception e) when (SourcesOf(context.Options) is { Length: > 0 } && ConfigurationFault.In(e) is { } fault)
        {
            await (app?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw new StartupException(
                $"a value in [{string.Join(", ", SourcesOf(context.Options))}] is wrong: {fault}", e);
        }
    }

    private static string[] SourcesOf(NodeOptions options) => [.. options.ConfigFiles, .. options.Settings.Keys];

    private static WebApplication Build(NodeContext context)
    {
        // The builder watches its content root for changes of a file that nobody here reads: of the folder that the
        // process was started in that may be a whole disk.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddNodeLogs(context.Options);
        builder.WebHost.UseUrls(context.Options.Http.GetLeftPart(UriPartial.Authority));
        builder.WebHost.ConfigureKestrel(ConfigureServer);

        // A request goes on on the thread that received it: nothing in the pipeline blocks (texts that may take long are
        // tokenised by the model's workers), and a hop costs a short query more than its parsing.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = context.Config.GetTimeSpan("mlcluster.shutdown-timeout"));
        builder.AddTelemetry(context);
        AddServices(builder.Services, context);

        var app = builder.Build();
        app.LogStopping(context);
        app.MapHealth();
        app.MapMetrics();
        if (context.Options.HasRole(NodeRole.Gateway))
        {
            app.MapGateway();
        }
        else
        {
            app.MapFallback(HealthEndpoints.NoGatewayAsync);
        }

        return app;
    }

    private static void AddServices(IServiceCollection services, NodeContext context)
    {
        services.AddSingleton(context).AddSingleton(context.Options).AddSingleton(context.Time);
        services.AddSingleton(JournalDatabase.Of(context.Options, context.Config));
        services.AddSingleton<JournalProbe>().AddSingleton<NodeReadiness>();
        services.AddRoutingServices(context);
        services.AddSettingsServices();
        services.AddMlServices(context);
        services.AddDataServices(context);
        if (context.Options.HasRole(NodeRole.Gateway))
        {
            services.AddGatewayServices(context);
        }

        services.AddCluster(context);
        services.AddFormation(context);
        services.AddHostedService<ReadyAnnouncer>();
        services.AddHostedService<CertificateWatch>();
    }

    private static void ConfigureServer(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        // The gateway answers a body over its own limit with OpenSearch's envelope.
        server.Limits.MaxRequestBodySize = null;
    }
}
