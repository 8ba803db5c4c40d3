using System.Net;
using Akka.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MlCluster.Node.Data;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway;
using MlCluster.Node.Hosting.Databases;
using MlCluster.Node.Ml;
using MlCluster.Node.Routing;

namespace MlCluster.Node.Hosting;

/// <summary>Builds the process out of its options: options → services → roles → endpoints.</summary>
internal static class NodeHost
{
    /// <summary>Runs a node until it is told to stop.</summary>
    /// <exception cref="StartupException">It cannot start as asked.</exception>
    public static async Task RunAsync(NodeOptions options)
    {
        using var folder = DataFolder.Open(options.DataDirectory);
        var config = HoconFiles.Load(options);
        await JournalDatabase.Of(options, config).PrepareAsync(options.HasRole(NodeRole.Data), TimeProvider.System);
        var name = options.Name.Length > 0 ? options.Name : Dns.GetHostName();
        var context = new NodeContext(options, folder.NodeId, name, config, TimeProvider.System);
        ListenAddresses.EnsureFree(options);
        WarnWhenOpen(options);
        await using var app = BuildChecked(context);
        await app.RunAsync();
    }

    // There is no authentication yet: whoever reaches the address may do everything.
    private static void WarnWhenOpen(NodeOptions options)
    {
        if (!options.Http.IsLoopback)
        {
            Console.Error.WriteLine(
                $"warning: {options.Http} is open to other machines without TLS and authentication; "
                + "put a proxy in front of it or keep to 127.0.0.1");
        }
    }

    // Settings are read while the services are made: a wrong value is the operator's, not a crash.
    private static WebApplication BuildChecked(NodeContext context)
    {
        try
        {
            return Build(context);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ConfigurationException)
        {
            throw new StartupException($"a value in the configuration is wrong: {e.Message}", e);
        }
    }

    private static WebApplication Build(NodeContext context)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.AddNodeLogs(context.Options);
        builder.WebHost.UseUrls(context.Options.Http.GetLeftPart(UriPartial.Authority));
        builder.WebHost.ConfigureKestrel(ConfigureServer);

        // A request goes on on the thread that received it: nothing in the pipeline blocks, and a hop costs a short
        // query more than its parsing.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = context.Config.GetTimeSpan("mlcluster.shutdown-timeout"));
        AddServices(builder.Services, context);

        var app = builder.Build();
        app.MapHealth();
        if (context.Options.HasRole(NodeRole.Gateway))
        {
            GatewayRole.MapGateway(app, context);
        }

        return app;
    }

    private static void AddServices(IServiceCollection services, NodeContext context)
    {
        services.AddSingleton(context).AddSingleton(context.Options).AddSingleton(context.Time);
        services.AddSingleton(JournalDatabase.Of(context.Options, context.Config));
        services.AddSingleton<JournalProbe>().AddSingleton<NodeReadiness>();
        services.AddRoutingServices(context);
        services.AddMlServices(context);
        services.AddDataServices(context);
        if (context.Options.HasRole(NodeRole.Gateway))
        {
            services.AddGatewayServices(context);
        }

        services.AddCluster(context);
        services.AddHostedService<ReadyAnnouncer>();
    }

    private static void ConfigureServer(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        // The gateway answers a body over its own limit with OpenSearch's envelope.
        server.Limits.MaxRequestBodySize = null;
    }
}
