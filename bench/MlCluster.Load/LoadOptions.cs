using System.Globalization;

namespace MlCluster.Load;

/// <summary>What to measure, with what, for how long.</summary>
internal sealed record LoadOptions
{
    public const string Usage =
        """
        MlCluster.Load: measures a node over REST against in-process references on the same machine.

          --out FILE        Markdown report (default: standard output only)
          --only PARTS      any of throughput,latency,load,rss,upload,freshness for one node,
                            hop,nodes,failover,cold for several (default: all)
          --archive FILE    sentence_transformers TorchScript archive
                            (default: all-MiniLM-L6-v2 of $MLCLUSTER_SHARED or ../shared)
          --node FILE       Cluster.Node.dll (default: the one built with this program)
          --work DIR        folder for data and logs; the logs stay
                            (default: a new one in the temporary folder, removed when all went well)
          --rounds N        interleaved repetitions; medians are reported (default 3)
          --seconds S       least time of one throughput cell (default 3)
          --texts SETS      any of short,mixed,long (default: all)
          --docs NUMBERS    documents a request (default 1,8,32)
          --concurrency NUMBERS  requests at once (default 1,4,16)
          --pool N          texts of each set (default 2048)
          --cycles N        load/unload cycles of the RSS part (default 20)
          --upload-mb A,B   archive sizes of the upload part (default 100,1000)
        """;

    private static readonly string[] AllParts =
        ["throughput", "latency", "load", "rss", "upload", "freshness", "hop", "nodes", "failover", "cold"];

    public string? Out { get; private init; }

    public IReadOnlyList<string> Parts { get; private init; } = AllParts;

    public string Archive { get; private init; } = DefaultArchive();

    public string Node { get; private init; } = Path.Combine(AppContext.BaseDirectory, "Cluster.Node.dll");

    public string Work { get; private init; } =
        Path.Combine(Path.GetTempPath(), $"mlcluster-load-{Environment.ProcessId}");

    /// <summary>The work folder is this program's own and goes at the end.</summary>
    public bool RemoveWork { get; private init; } = true;

    public int Rounds { get; private init; } = 3;

    public TimeSpan CellTime { get; private init; } = TimeSpan.FromSeconds(3);

    public IReadOnlyList<string> TextSets { get; private init; } = ["short", "mixed", "long"];

    public IReadOnlyList<int> Docs { get; private init; } = [1, 8, 32];

    public IReadOnlyList<int> Concurrency { get; private init; } = [1, 4, 16];

    public int Pool { get; private init; } = 2_048;

    public int Cycles { get; private init; } = 20;

    public IReadOnlyList<int> UploadMegabytes { get; private init; } = [100, 1_000];

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">An option is unknown or has no value, or not a usable one.</exception>
    public static LoadOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new LoadOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            options = i + 1 < arguments.Count
                ? options.With(arguments[i], arguments[i + 1])
                : throw new FormatException($"{arguments[i]} needs a value");
        }

        return options;
    }

    private LoadOptions With(string name, string value) => name switch
    {
        "--out" => this with { Out = Path.GetFullPath(value) },
        "--only" => this with { Parts = Known(value, AllParts) },
        "--archive" => this with { Archive = Path.GetFullPath(value) },
        "--node" => this with { Node = Path.GetFullPath(value) },
        "--work" => this with { Work = Path.GetFullPath(value), RemoveWork = false },
        "--rounds" => this with { Rounds = Numbers(value)[0] },
        "--seconds" => this with { CellTime = TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture)) },
        "--texts" => this with { TextSets = Known(value, ["short", "mixed", "long"]) },
        "--docs" => this with { Docs = Numbers(value) },
        "--concurrency" => this with { Concurrency = Numbers(value) },
        "--pool" => this with { Pool = Numbers(value)[0] },
        "--cycles" => this with { Cycles = Numbers(value)[0] },
        "--upload-mb" => this with { UploadMegabytes = Numbers(value) },
        _ => throw new FormatException($"unknown option {name}"),
    };

    private static string[] Known(string value, string[] known)
    {
        var parts = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } other
            ? throw new FormatException($"'{other}' is none of {string.Join(", ", known)}")
            : parts;
    }

    private static int[] Numbers(string value)
    {
        int[] numbers =
        [
            .. value.Split(',').Select(n => int.Parse(n, NumberStyles.None, CultureInfo.InvariantCulture)),
        ];
        return Array.TrueForAll(numbers, n => n > 0) ? numbers : throw new FormatException($"{value} must be above 0");
    }

    private static string DefaultArchive() => Path.GetFullPath(Path.Combine(
        Environment.GetEnvironmentVariable("MLCLUSTER_SHARED") is { Length: > 0 } named ? named : "../shared",
        "models",
        "all-MiniLM-L6-v2_torchscript_sentence-transformer.zip"));
}
