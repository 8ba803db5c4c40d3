using System.Security.Authentication;
using System.Security.Cryptography;
using DotNetty.Handlers.Tls;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>Tells why a handshake failed.</summary>
internal static class HandshakeFault
{
    /// <summary>
    /// True: one side does not believe the other, or it speaks no TLS, and the next call would fail likewise. False:
    /// the connection broke off.
    /// </summary>
    public static bool IsRefusal(Exception failure) =>
        failure is AuthenticationException or CryptographicException or NotSslRecordException
        || (failure is AggregateException several && several.InnerExceptions.Any(IsRefusal))
        || (failure.InnerException is { } inner && IsRefusal(inner));
}
