using Akka.Hosting;
using Akka.Remote.Hosting;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>Sets remoting up for TLS, where the node has an identity for it.</summary>
internal static class TlsSetup
{
    /// <summary>Begins a node's address; TLS has another one, so both kinds never meet by mistake.</summary>
    public static string Scheme(TlsIdentity? identity) => identity is null ? "akka.tcp" : "akka.ssl.tcp";

    /// <summary>Puts our transport in the place of Akka's.</summary>
    public static void AddTransport(AkkaConfigurationBuilder builder, NodeContext context)
    {
        if (context.Tls is not null)
        {
            builder.AddHocon(GuardedTransport.Hocon, HoconAddMode.Prepend);
        }
    }

    public static void Apply(RemoteOptions remote, NodeContext context)
    {
        if (context.Tls is not { } identity)
        {
            return;
        }

        var checkHostNames = context.Config.GetBoolean("mlcluster.tls.check-host-names");
        remote.EnableSsl = true;
        remote.Ssl = new SslOptions
        {
            X509Certificate = identity.Certificate,
            SuppressValidation = false,
            RequireMutualAuthentication = true,
            ValidateCertificateHostname = checkHostNames,
            CustomValidator = new PeerCheck(identity, checkHostNames, context.Time).Accept,
        };
    }
}
