using Akka.Configuration;

namespace MlCluster.Node.Hosting.Settings;

/// <summary>Tells a wrong value of the configuration from a fault of ours while the node starts.</summary>
internal static class ConfigurationFault
{
    /// <summary>What is wrong with a value, as one line; null: the exception is about something else.</summary>
    public static string? In(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is ConfigurationException or FormatException or OverflowException or TypeLoadException)
            {
                return e.Message.Split('\n')[0].TrimEnd();
            }
        }

        return null;
    }
}
