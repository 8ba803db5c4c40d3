using System.Security.Authentication;
using Akka.Remote.Transport;
using DotNetty.Handlers.Tls;
using MlCluster.Node.Hosting.Tls;

namespace MlCluster.Node.Tests.Hosting.Tls;

/// <summary>A peer that is not believed ends its caller, one that dies does not.</summary>
public sealed class HandshakeFaultTests
{
    [Fact]
    public void IsRefusal_CertificateOrNoTls_IsTrue()
    {
        Assert.True(HandshakeFault.IsRefusal(Failed(new AuthenticationException("the certificate was rejected"))));
        Assert.True(HandshakeFault.IsRefusal(Failed(new AggregateException(new NotSslRecordException("no TLS")))));
    }

    [Fact]
    public void IsRefusal_ConnectionBreaksOff_IsFalse()
    {
        Assert.False(HandshakeFault.IsRefusal(Failed(new IOException("Channel is closed"))));
        Assert.False(HandshakeFault.IsRefusal(new InvalidAssociationException("connection refused")));
    }

    private static InvalidAssociationException Failed(Exception cause) => new("TLS handshake failed", cause);
}
