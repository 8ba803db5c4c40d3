using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MlCluster.Tests.Support;

/// <summary>Listens on one address and hands every connection on to another.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly Task _accepting;

    /// <param name="address">Where to listen.</param>
    /// <param name="target">Where to hand on to.</param>
    /// <param name="port">Where to listen; 0: any.</param>
    public TcpRelay(IPAddress address, IPEndPoint target, int port = 0)
    {
        _target = target;
        _listener = new TcpListener(address, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Port that it listens on.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Resets every connection, on both sides; new ones are taken as before.</summary>
    public void Break()
    {
        foreach (var socket in _open.Keys)
        {
            Reset(socket);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    // With what it still had to send a closed connection would end in good order.
    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(HandOnAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task HandOnAsync(TcpClient caller)
    {
        using (caller)
        using (var called = new TcpClient())
        {
            // A closed client does not give its socket any more.
            var (one, other) = (caller.Client, called.Client);
            try
            {
                await called.ConnectAsync(_target, _stop.Token);
                _open[one] = _open[other] = 0;
                // The first side to end ends both.
                await Task.WhenAny(
                    caller.GetStream().CopyToAsync(called.GetStream(), _stop.Token),
                    called.GetStream().CopyToAsync(caller.GetStream(), _stop.Token));
            }
            catch (Exception e) when (
                e is IOException or SocketException or OperationCanceledException or InvalidOperationException)
            {
                // As a cable: what breaks on one side breaks on the other.
            }
            finally
            {
                _open.TryRemove(one, out _);
                _open.TryRemove(other, out _);
            }
        }
    }
}
