using System.Net.Sockets;
using Akka.Actor;

namespace MlCluster.Node.Routing;

/// <summary>Finds out whether the process behind a broken connection has ended.</summary>
internal static class PortProbe
{
    /// <summary>Calls the address once.</summary>
    /// <param name="timeout">Longest wait for its answer.</param>
    public static async Task<ProbeAnswer> AskAsync(Address address, TimeSpan timeout)
    {
        using var client = new TcpClient();
        using var patience = new CancellationTokenSource(timeout);
        try
        {
            await client.ConnectAsync(address.Host!, address.Port!.Value, patience.Token);
            return ProbeAnswer.Listens;
        }
        catch (SocketException e)
        {
            return AnswerOf(e.SocketErrorCode);
        }
        catch (OperationCanceledException)
        {
            return ProbeAnswer.Silent;
        }
    }

    /// <summary>What an attempt that failed says of the node.</summary>
    /// <remarks>
    /// A name that nobody has is a container that is gone; a resolver that gives no answer (<c>TryAgain</c>) is none.
    /// </remarks>
    public static ProbeAnswer AnswerOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ProbeAnswer.Refuses,
        SocketError.HostNotFound or SocketError.NoData or SocketError.HostDown or SocketError.HostUnreachable
            or SocketError.NetworkDown or SocketError.NetworkUnreachable => ProbeAnswer.NoWay,
        _ => ProbeAnswer.Silent,
    };
}

/// <summary>What a node's address says to a new connection.</summary>
internal enum ProbeAnswer
{
    /// <summary>Nothing within the time: says nothing.</summary>
    Silent,

    /// <summary>Somebody is there.</summary>
    Listens,

    /// <summary>The machine is there and nobody listens: the process has ended.</summary>
    Refuses,

    /// <summary>Nobody has that name or address, as when a container is gone; or this node's own network is at
    /// fault.</summary>
    NoWay,
}
