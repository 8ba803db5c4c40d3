using System.Globalization;
using MlCluster.Chaos.Clients;
using MlCluster.Chaos.Cluster;
using MlCluster.Chaos.Ledger;
using MlCluster.Chaos.Load;
using MlCluster.Chaos.Rounds;
using MlCluster.Chaos.Verdicts;

namespace MlCluster.Chaos;

/// <summary>One run: a cluster, clients, blows, and the verdict.</summary>
internal sealed class ChaosRun
{
    // hocon/akka.hocon: the failure detector's pause, and from then on until whoever is unreachable is downed.
    private static readonly TimeSpan ShippedPatience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(10);

    private readonly ChaosOptions _options;
    private readonly ChaosCluster _cluster;
    private readonly Action<string> _log;
    private readonly ChaosLedger _ledger;
    private readonly Disturbances _disturbances = new();
    private readonly EndWatch _ends;
    private readonly Striker _striker;
    private int _halfWay;
    private int _chunkRows;

    private ChaosRun(ChaosOptions options, ChaosCluster cluster, Action<string> log)
    {
        (_options, _cluster, _log) = (options, cluster, log);
        _ledger = new ChaosLedger(log);
        _ends = new EndWatch(_disturbances, log);
        _striker = new Striker(cluster, _disturbances, _ends, log);
    }

    /// <summary>Runs.</summary>
    /// <param name="options">What.</param>
    /// <param name="work">Folder of data and logs.</param>
    /// <param name="log">Takes a line for each thing that happens.</param>
    /// <param name="stop">Ends it, and the cluster, without a result.</param>
    /// <exception cref="ChaosException">It cannot begin.</exception>
    public static async Task<ChaosResult> RunAsync(
        ChaosOptions options, string work, Action<string> log, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        void Timed(string text) => log(string.Create(
            CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds,7:0.0} s  {text}"));
        await using var cluster = await ChaosCluster.StartAsync(options, work);
        Timed($"the cluster is up, its logs are in {Path.Combine(work, "logs")}");
        return await new ChaosRun(options, cluster, Timed).RunAsync().WaitAsync(stop);
    }

    private async Task<ChaosResult> RunAsync()
    {
        var archives = ArchiveKind.ReadAll(Path.Combine(_options.Repository, "tests", "archives"));
        var names = await NodeNames.ReadAsync(_cluster.GatewayAddresses[0].Address);
        await using var server = await ArchiveServer.StartAsync(_options.Network + ".250.1", archives);
        using var rest = new RestClient(_cluster.GatewayAddresses, _disturbances, _ledger);
        using var over = new CancellationTokenSource();
        var watches = _cluster.Nodes.Select(n => _ends.RunAsync(n, over.Token)).ToList();
        var api = new MlApi(rest, names);
        var client = new MlClient(api, _ledger, _disturbances);
        var inspector = new Inspector(api, _ledger, archives, names.Ml);
        var steady = await DeploySteadyAsync(client, archives);
        var lives = new ModelLives(client, archives, server, names.Ml);

        var findings = new List<Finding>();
        await WithLoadAsync(lives, steady, () => StrikeAllAsync(inspector, findings));
        _log("the last blow has been struck; checking what was acknowledged");
        _halfWay = _ledger.Models.Count(m => m.IsSure && m.TotalChunks > 0 && m.MissingChunks.Any());
        var check = new FinalCheck(client, _ledger, inspector, names.Ml.Count, _options.SettleDeadline);
        await using var table = new ChunkTable(_cluster.Database);
        var chunks = new ChunkCheck(table, _ledger, inspector);
        IReadOnlyList<Finding> last =
            [.. await check.RunAsync(), .. await chunks.RunAsync(_options.SettleDeadline)];
        foreach (var finding in last)
        {
            findings.Add(finding);
            _log($"{finding.Kind}: {finding.Text}");
        }

        _chunkRows = chunks.Rows;
        await over.CancelAsync();
        await Task.WhenAll(watches);
        return Result([.. findings, .. _ledger.Findings], steady);
    }

    private async Task<IReadOnlyList<SteadyPredictions>> DeploySteadyAsync(
        MlClient client, IReadOnlyList<ArchiveKind> archives)
    {
        var steady = new List<SteadyPredictions>();
        foreach (var archive in archives)
        {
            var model = await client.RegisterMetaAsync(archive, 1)
                ?? throw new ChaosException("the cluster takes no model");
            if (!await client.ChunkAsync(model, 0, archive.Bytes) || !await client.DeployAsync(model, []))
            {
                throw new ChaosException($"model {model} is not deployed: {string.Join("; ", _ledger.FailedRequests)}");
            }

            steady.Add(new SteadyPredictions(client, model, archive));
        }

        return steady;
    }

    private async Task WithLoadAsync(ModelLives lives, IReadOnlyList<SteadyPredictions> steady, Func<Task> strikes)
    {
        using var stop = new CancellationTokenSource();
        Task[] load =
        [
            .. Enumerable.Range(1, _options.Lives)
                .Select(n => lives.RunAsync(new Random(HashCode.Combine(_options.Seed, n)), stop.Token)),
            .. steady.Select((s, n) => s.RunAsync(new Random(_options.Seed - n - 1), stop.Token)),
        ];
        try
        {
            // A client that breaks is a bug of this program: the rest would check little.
            await await Task.WhenAny([strikes(), .. load]);
        }
        finally
        {
            await stop.CancelAsync();
        }

        await Task.WhenAll(load);
    }

    private async Task StrikeAllAsync(Inspector inspector, List<Finding> findings)
    {
        var settling = new Settling(_cluster, inspector, _ledger, _disturbances, _ends, _log);
        var names = _cluster.Nodes.Select(n => n.Name).ToList();
        var rounds = ChaosSchedule.Of(_options.Kills, _options.Seed, names, (_options.Patience ?? ShippedPatience) + StableAfter);
        foreach (var group in rounds.Chunk(_options.SettleEvery))
        {
            foreach (var round in group)
            {
                if (!await _striker.StrikeAsync(round, _options.SettleDeadline))
                {
                    findings.Add(new Finding(FindingKind.Stuck, "too few nodes are ready to hit another one"));
                }
            }

            await _striker.AllGoOnAsync();
            var open = await settling.RunAsync(_options.SettleDeadline);
            findings.AddRange(open);
            _log($"settled; {Tally()}");
            if (open.Count > 0)
            {
                _log($"not settled: {string.Join("; ", open.Select(f => f.Text))}");
                return;
            }
        }
    }

    private string Tally() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_striker.Kills} SIGKILL, {_striker.Terminations} SIGTERM, {_striker.Stops} SIGSTOP, "
        + $"acknowledged {_ledger.Acknowledged}, predictions {_ledger.Predictions}, "
        + $"failed requests {_ledger.FailedRequests.Count}, findings {_ledger.Findings.Count}");

    private ChaosResult Result(IReadOnlyList<Finding> findings, IReadOnlyList<SteadyPredictions> steady) => new()
    {
        Acknowledged = _ledger.Acknowledged,
        Findings = findings,
        FailedRequests = [.. _ledger.FailedRequests],
        DownedByItself = _ends.Unasked,
        LongestGap = steady.Max(s => s.Gaps.Longest),
        Notes =
        [
            Tally(),
            string.Create(
                CultureInfo.InvariantCulture,
                $"models {_ledger.Models.Count()}, of them deleted {_ledger.Models.Count(m => m.IsDeleted)}, "
                + $"uploads left half-way and finished at the end {_halfWay}, tasks {_ledger.Tasks.Count()}, "
                + $"rows of chunks read out of the database and compared {_chunkRows}"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"writes put off for a whole minute by 503 or 429: {_ledger.Refused}"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"predictions refused while each node that served the model had been hit: {_ledger.Excused}; longest "
                + $"gap while one had not been: {steady.Max(s => s.Gaps.LongestServed).TotalSeconds:0.0} s"),
        ],
    };
}
