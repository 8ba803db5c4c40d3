using System.Globalization;

namespace MlCluster.Chaos;

/// <summary>How much chaos, on what.</summary>
internal sealed record ChaosOptions
{
    public const string Usage =
        """
        MlCluster.Chaos: kills processes of the cluster of docker-compose.yml under load and checks what was acknowledged.

          --kills N          processes ended by SIGKILL or SIGTERM, beside those that are stopped for a while (default 20)
          --seed N           of everything that is random (default 7)
          --out FILE         Markdown report (default: standard output only)
          --work DIR         folder for data and logs, kept (default: a temporary one, kept only when something was found)
          --lives N          models that are uploaded, deployed, deleted … at the same time (default 4)
          --settle-every N   kills and stops between two moments when the cluster is left alone (default 5)
          --patience S       seconds without heartbeat until a node counts as unreachable (default: as shipped)
          --network 127.N    first two numbers of the loopback addresses (default 127.88)
          --tls              mutual TLS between the nodes
        """;

    public int Kills { get; init; } = 20;

    public int Seed { get; init; } = 7;

    public string? Out { get; init; }

    public string? Work { get; init; }

    public int Lives { get; init; } = 4;

    public int SettleEvery { get; init; } = 5;

    /// <summary>Null: as shipped. More where processors are shared with other work.</summary>
    public TimeSpan? Patience { get; init; }

    public string Network { get; init; } = "127.88";

    /// <summary>True: nodes speak TLS with each other, with certificates that are made for the run.</summary>
    public bool Tls { get; init; }

    /// <summary>Folder with the node's build.</summary>
    public string Program { get; init; } = AppContext.BaseDirectory;

    /// <summary>Folder of MlCluster.sln.</summary>
    public string Repository { get; init; } = FindRepository();

    /// <summary>Longest wait until all is as it should be after disturbances.</summary>
    public TimeSpan SettleDeadline { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ChaosException">An option is unknown or has no usable value.</exception>
    public static ChaosOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ChaosOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] == "--tls" ? options with { Tls = true }
                : i + 1 < arguments.Count ? options.With(arguments[i], arguments[++i])
                : throw new ChaosException($"{arguments[i]} needs a value\n{Usage}");
        }

        return options;
    }

    private ChaosOptions With(string name, string value) => name switch
    {
        "--kills" => this with { Kills = Number(name, value) },
        "--seed" => this with { Seed = Number(name, value) },
        "--out" => this with { Out = Path.GetFullPath(value) },
        "--work" => this with { Work = Path.GetFullPath(value) },
        "--lives" => this with { Lives = Number(name, value) },
        "--settle-every" => this with { SettleEvery = Math.Max(1, Number(name, value)) },
        "--patience" => this with { Patience = TimeSpan.FromSeconds(Number(name, value)) },
        "--network" => this with { Network = value },
        _ => throw new ChaosException($"unknown option {name}\n{Usage}"),
    };

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ChaosException($"{name} [{value}]: give a whole number");

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MlCluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new ChaosException("MlCluster.sln is in no parent folder of this program");
    }
}
