using System.Collections.ObjectModel;
using System.Net;
using MlCluster.Node.Hosting.Databases;
using MlCluster.Node.Hosting.Tls;

namespace MlCluster.Node.Hosting;

/// <summary>What the operator chose: command line over environment over HOCON over these defaults.</summary>
internal sealed record NodeOptions
{
    /// <summary>Any of data, ml, gateway.</summary>
    public IReadOnlyList<string> Roles { get; init; } = ["data", "ml", "gateway"];

    /// <summary>REST address of a gateway; health on every node.</summary>
    public Uri Http { get; init; } = new("http://127.0.0.1:9200");

    /// <summary>Node id, SQLite files, model cache; an absolute path.</summary>
    public string DataDirectory { get; init; } = Path.GetFullPath("data");

    /// <summary>Cluster address to announce; empty: <see cref="AnnouncedHost"/> finds one.</summary>
    public string Host { get; init; } = "";

    /// <summary>Cluster address to listen on; empty: the announced one.</summary>
    public string Bind { get; init; } = "";

    /// <summary>Cluster port; 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Seed nodes as host:port; empty: this node alone.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Where the journals are.</summary>
    public DatabaseAddress Database { get; init; } = DatabaseAddress.DataFolder;

    /// <summary>TLS between nodes.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>Name of the node; empty: the machine's.</summary>
    public string Name { get; init; } = "";

    /// <summary>Extra HOCON files; the last one wins.</summary>
    public IReadOnlyList<string> ConfigFiles { get; init; } = [];

    /// <summary>Keys of HOCON by the names of their environment variables.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Folders that <c>file://</c> uploads may read, absolute.</summary>
    public IReadOnlyList<string> AllowFiles { get; init; } = [];

    /// <summary>libtorch of an installed Python torch; null: the packaged one.</summary>
    public string? TorchLibs { get; init; }

    /// <summary>True: one JSON object a log line.</summary>
    public bool LogJson { get; init; }

    /// <summary>Where other nodes find this one. Whoever listens elsewhere than on loopback is found by its machine's name.</summary>
    public string AnnouncedHost => Host.Length > 0 ? Host : Bind.Length > 0 ? MachineName.Current : "127.0.0.1";

    /// <summary>Where the cluster's port is listened on.</summary>
    public string BoundHost => Bind.Length > 0 ? Bind : AnnouncedHost;

    /// <summary>Seeds that are not this node.</summary>
    public IEnumerable<string> OtherSeeds => Seeds.Where(s => s != $"{AnnouncedHost}:{Port}");

    /// <summary>Where others reach <see cref="Http"/>, as host:port.</summary>
    public string AnnouncedHttp => IsAnyAddress(Http) ? $"{AnnouncedHost}:{Http.Port}" : Http.Authority;

    public bool HasRole(string role) => Roles.Contains(role, StringComparer.Ordinal);

    /// <summary>True for an address that means every interface and so can be announced to nobody.</summary>
    public static bool IsAnyAddress(Uri address) =>
        IPAddress.TryParse(address.DnsSafeHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
}
