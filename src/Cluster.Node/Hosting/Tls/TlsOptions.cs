namespace MlCluster.Node.Hosting.Tls;

/// <summary>What the operator chose for TLS between nodes; on as soon as a certificate is named.</summary>
internal sealed record TlsOptions
{
    /// <summary>File of this node's certificate: PFX, or PEM; null: no TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>File of the private key, PEM; null: it is in <see cref="Certificate"/>.</summary>
    public string? Key { get; init; }

    /// <summary>File of the authorities whose nodes may take part, PEM.</summary>
    public string? Authority { get; init; }

    /// <summary>Opens the PFX, or the key; never printed.</summary>
    public string? Password { get; init; }

    /// <summary>File that holds the password in its first line.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Without password.</summary>
    public override string ToString() => Certificate ?? "off";
}
