using Akka.Actor;
using Akka.Hosting;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Settings;

/// <summary>Registers what every node, whatever its roles, needs to know the cluster's settings.</summary>
internal static class SettingsSetup
{
    public static IServiceCollection AddSettingsServices(this IServiceCollection services) => services
        .AddSingleton<ClusterSettings>()
        .AddSingleton<IClusterSettings>(provider => provider.GetRequiredService<ClusterSettings>());

    public static AkkaConfigurationBuilder AddSettings(this AkkaConfigurationBuilder builder) =>
        builder.WithActors((system, _, resolver) =>
        {
            var settings = resolver.GetService<ClusterSettings>();
            system.ActorOf(Props.Create(() => new SettingsSubscriber(settings)), SettingsSubscriber.Name);
        });
}
