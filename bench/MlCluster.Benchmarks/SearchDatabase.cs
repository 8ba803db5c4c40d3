using System.Globalization;
using MlCluster.Messages;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Data.Search;
using MlCluster.Node.Hosting;
using MlCluster.Node.Hosting.Databases;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Benchmarks;

/// <summary>A database with the documents of many tasks, and the index of a data node over them.</summary>
internal sealed class SearchDatabase : IDisposable
{
    public const int TaskCount = 100_000;

    private const int RowsAtOnce = 5_000;
    private static readonly TaskStatus[] Ends =
    [
        TaskStatus.Completed, TaskStatus.Completed, TaskStatus.Completed, TaskStatus.CompletedWithError,
        TaskStatus.Failed,
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("mlcluster-bench-").FullName;

    /// <param name="postgres">A connection string to an empty database; null: SQLite.</param>
    public SearchDatabase(string? postgres)
    {
        var options = new NodeOptions
        {
            DataDirectory = _folder,
            Database = postgres is null ? DatabaseAddress.DataFolder : DatabaseAddress.Parse(postgres),
        };
        Server = JournalDatabase.Of(options, HoconFiles.Load(options));
        Table = new DocumentTable(Server);
    }

    public JournalDatabase Server { get; }

    public DocumentTable Table { get; }

    public IndexFollower Follower { get; } = new();

    public static string Id(int task) => string.Create(CultureInfo.InvariantCulture, $"task-{task:D15}");

    public async Task FillAsync()
    {
        await Server.PrepareAsync(ownsJournals: true, TimeProvider.System);
        await Table.OpenAsync(DocumentProjection.Format);
        foreach (var some in Enumerable.Range(0, TaskCount).Chunk(RowsAtOnce))
        {
            await Server.RunInTransactionAsync(Server.Journal, async transaction =>
            {
                foreach (var task in some)
                {
                    await transaction.Command(
                        """
                        INSERT INTO search_document (kind, id, seq_nr, journal_nr, changed, deleted, document)
                        VALUES (2, @id, @seq, 1, 0, false, @document) ON CONFLICT (kind, id) DO NOTHING
                        """,
                        ("id", Id(task)),
                        ("seq", task + 1L),
                        ("document", DocumentBytes.Encode(Document(task)))).ExecuteAsync();
                }

                return true;
            });
        }

        await FollowAsync();
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task FollowAsync()
    {
        Follower.Follow(1);
        List<StoredDocument> changes;
        do
        {
            changes = await Table.ChangedAfterAsync(Follower.SeqNr, RowsAtOnce);
            changes.ForEach(Follower.Take);
        }
        while (changes.Count > 0);
    }

    /// <summary>A task's document; every fifth task failed, each with a text of its own.</summary>
    public static TaskDocument Document(int task) => Document(task, Ends[task % Ends.Length]);

    /// <summary>A task's document when the task ends in another way.</summary>
    public static TaskDocument Document(int task, TaskStatus end)
    {
        return new TaskDocument(
            new TaskId(Id(task)),
            new ModelId(string.Create(CultureInfo.InvariantCulture, $"model-{task % 5_000:D14}")),
            task % 3 == 0 ? TaskType.RegisterModel : TaskType.DeployModel,
            "TEXT_EMBEDDING",
            end,
            [new NodeId("KzONM8c8T4Od-NoUANQNGg"), new NodeId("s5JwjZRqTY6nOT0EvFwVdA")],
            1_700_000_000_000 + (task * 1_000L),
            1_700_000_000_500 + (task * 1_000L),
            null,
            end == TaskStatus.Failed ? $"Failed to deploy model: no room for attempt {task}" : null,
            Dialect.Current,
            3);
    }
}
