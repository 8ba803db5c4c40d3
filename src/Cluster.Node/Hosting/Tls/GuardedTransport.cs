using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>
/// Akka's own transport with one difference: a call that breaks off in the middle of the TLS handshake ends the call,
/// not the process. Remoting calls again.
/// </summary>
/// <remarks>
/// Akka ends a process whose call fails in the handshake, whatever the reason, by the CoordinatedShutdown of the actor
/// system that the transport was given: a node that is killed in that moment takes its callers along. So the transport
/// is given an <see cref="AsideSystem"/>, whose end nobody notices, and the failure is judged here: a node that shows
/// the wrong certificate or speaks no TLS still ends the caller, since one of the two is configured wrongly.
/// </remarks>
internal sealed class GuardedTransport : Transport
{
    /// <summary>What makes remoting use it.</summary>
    public const string Hocon =
        """akka.remote.dot-netty.tcp.transport-class = "MlCluster.Node.Hosting.Tls.GuardedTransport, Cluster.Node" """;

    // Not public.
    private const string Akkas = "Akka.Remote.Transport.DotNetty.TcpTransport, Akka.Remote";

    private readonly ActorSystem _aside;
    private readonly Transport _inner;

    /// <summary>Called by remoting.</summary>
    public GuardedTransport(ActorSystem system, Config config)
    {
        (System, Config) = (system, config);
        _aside = AsideSystem.Create(system);
        _inner = (Transport)Activator.CreateInstance(Type.GetType(Akkas, throwOnError: true)!, _aside, config)!;
        (SchemeIdentifier, MaximumPayloadBytes) = (_inner.SchemeIdentifier, _inner.MaximumPayloadBytes);
    }

    /// <inheritdoc />
    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen() => _inner.Listen();

    /// <inheritdoc />
    public override bool IsResponsibleFor(Address remote) => _inner.IsResponsibleFor(remote);

    /// <inheritdoc />
    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        try
        {
            return await _inner.Associate(remoteAddress);
        }
        catch (InvalidAssociationException e) when (HandshakeFault.IsRefusal(e))
        {
            _ = CoordinatedShutdown.Get(System).Run(new PeerRefused(remoteAddress));
            throw;
        }
    }

    /// <inheritdoc />
    public override async Task<bool> Shutdown()
    {
        var done = await _inner.Shutdown();
        await _aside.Terminate();
        return done;
    }

    /// <inheritdoc />
    public override Task<bool> ManagementCommand(object message) => _inner.ManagementCommand(message);
}
