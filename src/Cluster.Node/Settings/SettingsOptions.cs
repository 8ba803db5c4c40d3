using Akka.Configuration;

namespace MlCluster.Node.Settings;

/// <summary>Times of cluster settings; <c>mlcluster.settings</c> in HOCON.</summary>
/// <param name="PublishTimeout">For all nodes to say that they go by a change.</param>
/// <param name="RestartDelay">Before the owner of the settings, whose journal failed, is started again.</param>
/// <param name="MaxRestartDelay">The same after it has failed repeatedly.</param>
internal sealed record SettingsOptions(TimeSpan PublishTimeout, TimeSpan RestartDelay, TimeSpan MaxRestartDelay)
{
    public static SettingsOptions FromConfig(Config config)
    {
        var section = config.GetConfig("mlcluster.settings");
        return new SettingsOptions(
            section.GetTimeSpan("publish-timeout"),
            section.GetTimeSpan("restart-delay"),
            section.GetTimeSpan("max-restart-delay"));
    }
}
