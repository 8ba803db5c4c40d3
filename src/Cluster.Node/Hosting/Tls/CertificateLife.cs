using System.Globalization;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>How long the certificate is still good.</summary>
internal static class CertificateLife
{
    /// <summary>Negative when it has expired.</summary>
    public static TimeSpan Left(TlsIdentity identity, TimeProvider time) =>
        identity.Certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime;

    /// <summary>What an operator should know soon; null: nothing.</summary>
    public static string? Warning(NodeContext context)
    {
        if (context.Tls is not { } identity)
        {
            return null;
        }

        var left = Left(identity, context.Time);
        if (left >= context.Config.GetTimeSpan("mlcluster.tls.expiry-warning"))
        {
            return null;
        }

        var days = left.TotalDays.ToString("0.#", CultureInfo.InvariantCulture);
        return $"the certificate [{context.Options.Tls.Certificate}] expires in {days} days and this node ends then; "
            + "renew it and restart the node";
    }
}
