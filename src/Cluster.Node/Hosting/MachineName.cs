using System.Net;

namespace MlCluster.Node.Hosting;

/// <summary>Name of the machine or container that this process runs in.</summary>
internal static class MachineName
{
    /// <summary>Container engines give it in <c>HOSTNAME</c>; other nodes of their network resolve it.</summary>
    public static string Current =>
        Environment.GetEnvironmentVariable("HOSTNAME") is { Length: > 0 } name ? name : Dns.GetHostName();
}
