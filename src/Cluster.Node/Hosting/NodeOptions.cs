using MlCluster.Node.Hosting.Databases;

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

    /// <summary>Cluster address to announce.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Cluster port; 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Seed nodes as host:port; empty: this node alone.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Where the journals are.</summary>
    public DatabaseAddress Database { get; init; } = DatabaseAddress.DataFolder;

    /// <summary>Name of the node; empty: the machine's.</summary>
    public string Name { get; init; } = "";

    /// <summary>Extra HOCON files; the last one wins.</summary>
    public IReadOnlyList<string> ConfigFiles { get; init; } = [];

    /// <summary>Folders that <c>file://</c> uploads may read, absolute.</summary>
    public IReadOnlyList<string> AllowFiles { get; init; } = [];

    /// <summary>libtorch of an installed Python torch; null: the packaged one.</summary>
    public string? TorchLibs { get; init; }

    /// <summary>True: one JSON object a log line.</summary>
    public bool LogJson { get; init; }

    public bool HasRole(string role) => Roles.Contains(role, StringComparer.Ordinal);
}
