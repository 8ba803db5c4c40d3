using System.Globalization;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Hosting.Databases;

namespace MlCluster.Node.Hosting;

/// <summary>Every option of the process, once.</summary>
internal static class OptionTable
{
    private static readonly string[] KnownRoles = [NodeRole.Data, NodeRole.Ml, NodeRole.Gateway];

    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        new("--roles", "MLCLUSTER_ROLES", "roles", "data,ml,gateway", "what this process does",
            (o, v) => o with { Roles = Roles(v) }),
        new("--http", "MLCLUSTER_HTTP", "http", "URL", "REST address; health on every node",
            (o, v) => o with { Http = HttpAddress(v) }),
        new("--data", "MLCLUSTER_DATA", "data", "DIR", "node id, SQLite files, model cache",
            (o, v) => o with { DataDirectory = Path.GetFullPath(v) }),
        new("--host", "MLCLUSTER_HOST", "host", "NAME", "cluster address to announce",
            (o, v) => o with { Host = v }),
        new("--bind", "MLCLUSTER_BIND", "bind", "ADDRESS", "cluster address to listen on, if not --host",
            (o, v) => o with { Bind = v }),
        new("--port", "MLCLUSTER_PORT", "port", "N", "cluster port, 0 = any",
            (o, v) => o with { Port = Port(v) }),
        new("--seeds", "MLCLUSTER_SEEDS", "seeds", "a:p,b:p", "seed nodes, empty = this node alone",
            (o, v) => o with { Seeds = Seeds(v) }),
        new("--db", "MLCLUSTER_DB", "db", "CONNECTION", "journals: sqlite:DIR or PostgreSQL",
            (o, v) => o with { Database = DatabaseAddress.Parse(v) }) { IsSecret = true },
        new("--name", "MLCLUSTER_NODE_NAME", "name", "NAME", "node name",
            (o, v) => o with { Name = v }),
        new("--config", "MLCLUSTER_CONFIG", "config", "FILE", "extra HOCON, may repeat",
            (o, v) => o with { ConfigFiles = [.. o.ConfigFiles, .. List(v).Select(Path.GetFullPath)] }),
        new("--allow-files", "MLCLUSTER_ALLOW_FILES", "allow-files", "DIR", "folder for file:// uploads, may repeat",
            (o, v) => o with { AllowFiles = [.. o.AllowFiles, .. List(v).Select(Path.GetFullPath)] }),
        new("--torch-libs", "MLCLUSTER_TORCH_LIBS", "torch-libs", "DIR", "libtorch of an installed Python torch",
            (o, v) => o with { TorchLibs = Path.GetFullPath(v) }),
        new("--tls-cert", "MLCLUSTER_TLS_CERT", "tls-cert", "FILE", "TLS between nodes: certificate, PFX or PEM",
            (o, v) => o with { Tls = o.Tls with { Certificate = Path.GetFullPath(v) } }),
        new("--tls-key", "MLCLUSTER_TLS_KEY", "tls-key", "FILE", "its private key as PEM, if not in it",
            (o, v) => o with { Tls = o.Tls with { Key = Path.GetFullPath(v) } }),
        new("--tls-ca", "MLCLUSTER_TLS_CA", "tls-ca", "FILE", "PEM of the authority whose nodes may take part",
            (o, v) => o with { Tls = o.Tls with { Authority = Path.GetFullPath(v) } }),
        new("--tls-password", "MLCLUSTER_TLS_PASSWORD", "tls-password", "TEXT", "opens the PFX or the key",
            (o, v) => o with { Tls = o.Tls with { Password = v } }) { IsSecret = true },
        new("--tls-password-file", "MLCLUSTER_TLS_PASSWORD_FILE", "tls-password-file", "FILE", "the same, out of a file",
            (o, v) => o with { Tls = o.Tls with { PasswordFile = Path.GetFullPath(v) } }),
        new("--log-json", "MLCLUSTER_LOG_JSON", "log-json", null, "one JSON object a log line",
            (o, v) => o with { LogJson = Switch(v) }),
    ];

    /// <summary>Their whole keys in a file; a file cannot name further files.</summary>
    public static IReadOnlySet<string> FileKeys { get; } = All.Where(o => o.Flag != "--config")
        .Select(o => $"mlcluster.node.{o.Key}").ToHashSet(StringComparer.Ordinal);

    private static string[] List(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Roles(string text)
    {
        var roles = List(text).Distinct(StringComparer.Ordinal).ToArray();
        return roles.Length > 0 && roles.All(r => KnownRoles.Contains(r, StringComparer.Ordinal))
            ? roles
            : throw new FormatException("give one or more of data, ml, gateway, separated by commas");
    }

    private static Uri HttpAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && uri.Port >= 0
            && uri.PathAndQuery == "/"
            ? uri
            : throw new FormatException("give an address such as http://127.0.0.1:9200");

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
            ? port
            : throw new FormatException("give a number from 0 to 65535");

    private static string[] Seeds(string text)
    {
        var seeds = List(text);
        return seeds.All(s => s.LastIndexOf(':') is > 0 and var at && Port(s[(at + 1)..]) > 0)
            ? seeds
            : throw new FormatException("give host:port, separated by commas");
    }

    private static bool Switch(string text) => text switch
    {
        "" or "true" => true,
        "false" => false,
        _ => throw new FormatException("give true or false"),
    };
}
