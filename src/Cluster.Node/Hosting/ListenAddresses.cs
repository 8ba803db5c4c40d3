using System.Net;
using System.Net.Sockets;

namespace MlCluster.Node.Hosting;

/// <summary>Tries the two addresses before anything starts, so that a taken one is one line and not a page.</summary>
internal static class ListenAddresses
{
    /// <exception cref="StartupException">An address is taken or is not this machine's.</exception>
    public static void EnsureFree(NodeOptions options)
    {
        EnsureFree(options.Http.Host, options.Http.Port, "--http URL");
        EnsureFree(
            options.BoundHost, options.Port, options.Bind.Length > 0 ? "--bind ADDRESS" : "--host NAME and --port N");
    }

    private static void EnsureFree(string host, int port, string option)
    {
        try
        {
            var address = Dns.GetHostAddresses(host)[0];
            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            // As the servers do, so that a connection of a former process does not count.
            probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            probe.Bind(new IPEndPoint(address, port));
            probe.Listen(1);
        }
        catch (SocketException e)
        {
            var why = e.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "is taken by another process; stop it or"
                : $"cannot be listened on ({e.Message});";
            throw new StartupException($"{host}:{port} {why} give another address with {option}", e);
        }
    }
}
