using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Hosting.Formation;

/// <summary>Registers what keeps two clusters from using one database.</summary>
internal static class FormationSetup
{
    public static IServiceCollection AddFormation(this IServiceCollection services, NodeContext context)
    {
        if (!HasRegister(context.Options))
        {
            return services;
        }

        services.AddSingleton(FormationSettings.FromConfig(context.Config));
        services.AddSingleton<IClusterRegister, PostgresRegister>();
        services.AddHostedService<ClusterPresence>();
        return MayForm(context.Options) ? services.AddHostedService<FirstSeedJoin>() : services;
    }

    /// <summary>
    /// True for the one node that forms a cluster when it reaches no other seed; left to itself, Akka would have it do
    /// so on the wrong side of a split network.
    /// </summary>
    public static bool MayForm(NodeOptions options) =>
        HasRegister(options) && options.Seeds is [var first, ..] && first == $"{options.AnnouncedHost}:{options.Port}";

    private static bool HasRegister(NodeOptions options) =>
        options.Database.Postgres is not null && options.HasRole(NodeRole.Data);
}
