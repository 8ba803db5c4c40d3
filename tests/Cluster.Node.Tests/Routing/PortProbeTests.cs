using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using MlCluster.Node.Routing;

namespace MlCluster.Node.Tests.Routing;

public sealed class PortProbeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public PortProbeTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task IsRefusedAsync_SomebodyListens_IsFalse() =>
        Assert.False(await PortProbe.IsRefusedAsync(Address(), Patience));

    [Fact]
    public async Task IsRefusedAsync_NobodyListens_IsTrue()
    {
        var address = Address();
        _listener.Stop();

        Assert.True(await PortProbe.IsRefusedAsync(address, Patience));
    }

    [Fact]
    public async Task IsRefusedAsync_NameThatNobodyKnows_IsFalse() =>
        Assert.False(await PortProbe.IsRefusedAsync(Address().WithHost("no-such-host.invalid"), Patience));

    private Address Address() => new("akka.tcp", "mlcluster", "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
}
