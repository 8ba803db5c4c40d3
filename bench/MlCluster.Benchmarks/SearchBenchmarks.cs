using System.Text;
using BenchmarkDotNet.Attributes;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Data.Search;
using MlCluster.Node.Domain.Search;
using MlCluster.Node.Gateway.Search;

namespace MlCluster.Benchmarks;

/// <summary>
/// Searches over a hundred thousand tasks beside a read of one by its primary key, in the same database. A search is
/// what a data node does for it: parse, look for changes, find, read the hits' documents.
/// </summary>
/// <remarks>SQLite, and PostgreSQL where <c>MLCLUSTER_BENCH_DB</c> names an empty database.</remarks>
[MedianColumn]
public class SearchBenchmarks
{
    private static readonly string? Postgres = Environment.GetEnvironmentVariable("MLCLUSTER_BENCH_DB");
    private readonly string[] _ids = [SearchDatabase.Id(SearchDatabase.TaskCount / 2)];
    private SearchDatabase _database = null!;
    private HitReader _hits = null!;

    /// <summary>Databases at hand.</summary>
    public static IEnumerable<string> Databases => Postgres is null ? ["SQLite"] : ["SQLite", "PostgreSQL"];

    /// <summary>Where the documents are.</summary>
    [ParamsSource(nameof(Databases))]
    public string Database { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _database = new SearchDatabase(Database == "SQLite" ? null : Postgres);
        await _database.FillAsync();
        _hits = new HitReader(_database.Table, 2 << 20);
    }

    [GlobalCleanup]
    public void CleanUp() => _database.Dispose();

    /// <summary>The measure: one row by its key.</summary>
    [Benchmark(Baseline = true)]
    public Task<List<long>> PrimaryKeyReadAsync() => _database.Server.RunAsync(
        _database.Server.Journal,
        connection => connection.Command(
            "SELECT seq_nr, document FROM search_document WHERE kind = 2 AND id = @id",
            ("id", _ids[0])).ReadAsync(row => row.GetInt64(0)));

    /// <summary>What a client that follows its tasks asks for.</summary>
    [Benchmark]
    public Task<int> LatestOfStateAsync() => SearchAsync(
        """{"query":{"term":{"state":"FAILED"}},"sort":[{"create_time":"desc"}],"size":10}""");

    /// <summary>Everything, in the default order.</summary>
    [Benchmark]
    public Task<int> MatchAllAsync() => SearchAsync("""{"query":{"match_all":{}},"track_total_hits":true}""");

    /// <summary>Tasks of one model.</summary>
    [Benchmark]
    public Task<int> OfModelAsync() => SearchAsync("""{"query":{"term":{"model_id":"model-00000000000042"}}}""");

    /// <summary>Several things at once.</summary>
    [Benchmark]
    public Task<int> BoolAsync() => SearchAsync(
        """
        {"query":{"bool":{"filter":[{"range":{"create_time":{"gte":1700000050000}}},
                                    {"terms":{"state":["COMPLETED","FAILED"]}}],
         "must_not":[{"exists":{"field":"error"}}],"must":[{"match":{"function_name":"TEXT_EMBEDDING"}}]}},
         "sort":["model_id",{"last_update_time":"desc"}]}
        """);

    /// <summary>Words of a text, best first.</summary>
    [Benchmark]
    public Task<int> WordsAsync() => SearchAsync("""{"query":{"match":{"error":"no room to deploy"}}}""");

    /// <summary>A pattern over 5,000 terms.</summary>
    [Benchmark]
    public Task<int> WildcardAsync() => SearchAsync("""{"query":{"wildcard":{"model_id":"*42"}}}""");

    private async Task<int> SearchAsync(string json)
    {
        var body = SearchBody.Parse(Encoding.UTF8.GetBytes(json));
        var search = new SearchDocuments(
            DocumentKind.Task, SearchQueryBytes.Encode(body.Query), body.Sort, body.After, 0, body.Size, null);
        _ = await _database.Table.StateAsync();
        var found = DocumentSearch.Run(
            _database.Follower.IndexOf(DocumentKind.Task), search, SearchQueryBytes.Decode(search.Query), 0);
        return (await _hits.ReadAsync(DocumentKind.Task, found, leavesOutChanged: false))!.Hits.Count;
    }
}
