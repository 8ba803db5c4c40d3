using System.Net.Sockets;
using Akka.Actor;

namespace MlCluster.Node.Routing;

/// <summary>Finds out whether the process behind a broken connection has ended.</summary>
internal static class PortProbe
{
    /// <summary>True when the machine says that nobody listens there; silence says nothing.</summary>
    public static async Task<bool> IsRefusedAsync(Address address, TimeSpan timeout)
    {
        using var client = new TcpClient();
        using var patience = new CancellationTokenSource(timeout);
        try
        {
            await client.ConnectAsync(address.Host!, address.Port!.Value, patience.Token);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
