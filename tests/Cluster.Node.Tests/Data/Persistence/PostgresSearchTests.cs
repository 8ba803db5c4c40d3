using MlCluster.Messages.Search;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Tests.Support;
using static MlCluster.Node.Tests.Domain.Search.SearchKit;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>On a server events appear out of the order of their numbers.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class PostgresSearchTests(PostgresFixture server) : SearchSpec(TestDatabase.Postgres(server))
{
    // Takes its number now and appears when the transaction ends.
    private const string LateWrite =
        """
        INSERT INTO journal
          (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        SELECT created, false, 'task-late', 1, message, manifest, identifier, writer_uuid FROM journal
        WHERE persistence_id = 'task-early'
        """;

    [SkippableFact]
    public async Task Search_WriterPausedInTheMiddle_HoldsUpNobodyAndIsFoundLater()
    {
        StartProjector();
        AskTask<TaskAccepted>(Create("early"));
        await using var connection = Database.Server.Connect(Database.Server.Journal);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await transaction.Command(LateWrite).ExecuteAsync();
        AskTask<TaskAccepted>(Create("after"));

        AwaitFound(DocumentKind.Task, Term("state", "CREATED"), "early after");
        await transaction.CommitAsync();

        AwaitFound(DocumentKind.Task, Term("state", "CREATED"), "early after late");
    }
}
