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
    public async Task AskAsync_SomebodyListens_SaysSo() =>
        Assert.Equal(ProbeAnswer.Listens, await PortProbe.AskAsync(Address(), Patience));

    [Fact]
    public async Task AskAsync_NobodyListens_IsRefused()
    {
        var address = Address();
        _listener.Stop();

        Assert.Equal(ProbeAnswer.Refuses, await PortProbe.AskAsync(address, Patience));
    }

    // A resolver without an answer of its own may say that it has none for now.
    [Fact]
    public async Task AskAsync_NameThatNobodyHas_IsNeitherThereNorRefused() => Assert.True(
        await PortProbe.AskAsync(Address().WithHost("no-such-host.invalid"), Patience)
            is ProbeAnswer.NoWay or ProbeAnswer.Silent);

    [Theory]
    [InlineData(SocketError.ConnectionRefused, nameof(ProbeAnswer.Refuses))]
    [InlineData(SocketError.HostNotFound, nameof(ProbeAnswer.NoWay))]
    [InlineData(SocketError.HostUnreachable, nameof(ProbeAnswer.NoWay))]
    [InlineData(SocketError.NetworkUnreachable, nameof(ProbeAnswer.NoWay))]
    [InlineData(SocketError.TryAgain, nameof(ProbeAnswer.Silent))]
    [InlineData(SocketError.TimedOut, nameof(ProbeAnswer.Silent))]
    [InlineData(SocketError.ConnectionReset, nameof(ProbeAnswer.Silent))]
    public void AnswerOf_Error_TellsTheEndFromAHiccup(SocketError error, string answer) =>
        Assert.Equal(answer, PortProbe.AnswerOf(error).ToString());

    private Address Address() => new("akka.tcp", "mlcluster", "127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
}
