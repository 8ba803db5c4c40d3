using Akka.Configuration;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Settings;

/// <summary>How many requests the times of a profile cover.</summary>
internal static class MonitoringWindow
{
    /// <summary>Reads it as it is at each moment.</summary>
    /// <param name="config">Says what holds while the cluster has no such setting.</param>
    public static Func<int> Of(IClusterSettings settings, Config config)
    {
        var setting = MlSettings.MonitoringRequestCount;
        var configured = config.GetInt("mlcluster.ml.monitoring-request-count", setting.Parse(setting.Default));
        return () => settings.Current.Get(setting, configured);
    }
}
