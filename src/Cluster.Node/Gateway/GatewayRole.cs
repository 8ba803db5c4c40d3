using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway;

/// <summary>The REST gateway: its services and its place in the request pipeline.</summary>
internal static class GatewayRole
{
    /// <summary>Registers what the endpoints need; cluster client and cluster view come from elsewhere.</summary>
    public static void AddGatewayServices(this IServiceCollection services, NodeContext context) =>
        services.AddSingleton(GatewayOptions.FromConfig(context.Config));

    /// <summary>Answers every request that nobody mapped before; health and metrics pass through.</summary>
    public static void MapGateway(this WebApplication app, NodeContext context)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(context);
    }
}
