using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Data.Search;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;
using MlCluster.Node.Tests.Domain.Groups;
using static MlCluster.Node.Tests.Domain.Search.SearchKit;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>From what entities write in their journals to what a search finds.</summary>
public abstract class SearchSpec(ITestDatabase database) : GroupKit(database)
{
    private static readonly SearchOptions Quick = new()
    {
        Poll = TimeSpan.FromMilliseconds(50), CompleteWait = TimeSpan.FromSeconds(20),
    };

    private IActorRef? _searcher;

    private protected DocumentTable Table => field ??= new DocumentTable(Database.Server);

    private IActorRef Searcher => _searcher ??= Sys.ActorOf(DocumentSearcher.Props(Table, Quick, TimeProvider.System));

    [SkippableFact]
    public void Search_ModelAndItsTasks_AreFoundAsTheyAreNow()
    {
        StartProjector();
        UploadAndWait();
        AwaitFound(DocumentKind.Task, Term("state", "COMPLETED"), "register-1");
        var model = AwaitFound(DocumentKind.Model, Term("model_state", "REGISTERED"), "model-1");
        Assert.Equal(Ask<ModelDocument>(new GetModel(Some.Model)) with { Content = null!, Nodes = [] },
            DocumentBytes.Model(model.Document) with { Content = null!, Nodes = [] });

        Deploy();
        Report(NodeDeploymentStatus.Loaded);

        AwaitFound(DocumentKind.Task, new TermsQuery("worker_node", ["node-a"], false, false), "register-1 deploy-1");
        AwaitFound(DocumentKind.Model, Term("model_state", "LOADED"), "model-1");
        AwaitFound(DocumentKind.Model, Term("model_state", "REGISTERED"), "");
    }

    [SkippableFact]
    public void Search_ModelGroup_IsFoundAsItIsNowUntilItIsDeleted()
    {
        StartProjector();
        AskGroup<ModelGroupAccepted>(TestGroup.Register());
        AskGroup<VersionReply>(TestGroup.Assign("a"));
        // A name is nobody's document.
        AskGroup<GroupNameHolder>(new ClaimGroupName("n", TestGroup.Id, TestGroup.Claim, null));

        var hit = AwaitFound(DocumentKind.ModelGroup, Term("latest_version", "1"), "group-1");
        Assert.Equivalent(
            AskGroup<ModelGroupDocument>(new GetModelGroup(TestGroup.Id)) with { RecentModels = [] },
            DocumentBytes.ModelGroup(hit.Document));
        AwaitFound(DocumentKind.ModelGroup, Term("name.keyword", "embeddings"), "group-1");
        AwaitFound(DocumentKind.ModelGroup, new MatchQuery("description", "searches", false, null), "group-1");
        AwaitFound(DocumentKind.Model, new MatchAllQuery(), "");

        AskGroup<ModelGroupDeletedReply>(TestGroup.Delete("d", latestVersion: 1));
        AwaitFound(DocumentKind.ModelGroup, new MatchAllQuery(), "");
    }

    [SkippableFact]
    public void Search_WhatWasThereBefore_IsFoundOnceAllIsRead()
    {
        UploadAndWait();
        var caller = CreateTestProbe();
        Searcher.Tell(SearchFor(new MatchAllQuery()), caller);
        caller.ExpectNoMsg(TimeSpan.FromMilliseconds(300));

        StartProjector();

        Assert.Equal(1, caller.ExpectMsg<DocumentsFound>(Patience).Total);
    }

    [SkippableFact]
    public void Search_NobodyMakesTheDocuments_IsRefusedInTime()
    {
        var caller = CreateTestProbe();
        var impatient = Sys.ActorOf(DocumentSearcher.Props(
            Table, Quick with { CompleteWait = TimeSpan.FromMilliseconds(200) }, TimeProvider.System));

        impatient.Tell(SearchFor(new MatchAllQuery()), caller);

        Assert.Equal(ErrorCode.Unavailable, caller.ExpectMsg<SearchRejected>(Patience).Error.Code);
    }

    [SkippableFact]
    public void Search_DeletedModelAndTask_AreGone()
    {
        StartProjector();
        UploadAndWait();
        AwaitFound(DocumentKind.Task, new MatchAllQuery(), "register-1");

        Ask<ModelDeletedReply>(new DeleteModel(Some.Model, new CommandId("d")));
        AskTask<TaskDeletedReply>(new DeleteTask(Some.Registration, new CommandId("e")));

        AwaitFound(DocumentKind.Model, new MatchAllQuery(), "");
        AwaitFound(DocumentKind.Task, new MatchAllQuery(), "");
    }

    [SkippableFact]
    public void Search_ModelRegisteredAgain_IsFoundAsItIsNow()
    {
        StartProjector();
        UploadAndWait();
        Ask<ModelDeletedReply>(new DeleteModel(Some.Model, new CommandId("d")));
        AwaitFound(DocumentKind.Model, new MatchAllQuery(), "");

        Ask<ModelAccepted>(Some.RegisterMeta() with { Spec = Some.Spec with { Name = "again" } });

        AwaitFound(DocumentKind.Model, Term("name.keyword", "again"), "model-1");
        AwaitFound(DocumentKind.Model, new MatchAllQuery(), "model-1");
    }

    [SkippableFact]
    public async Task Search_ForgottenTask_IsGoneAndDoesNotComeBack()
    {
        StartProjector();
        UploadAndWait();
        AwaitFound(DocumentKind.Task, new MatchAllQuery(), "register-1");
        var events = await Table.EventsAsync(["task-register-1"]);

        await Rows.ForgetAsync(new JournalEnd("task-register-1", long.MaxValue), DateTimeOffset.UnixEpoch);
        AwaitFound(DocumentKind.Task, new MatchAllQuery(), "");
        // As if it had been read before it was forgotten.
        await Table.WriteAsync(1, new DocumentFold(Sys).Fold(events), DateTimeOffset.UnixEpoch);

        AwaitFound(DocumentKind.Task, new MatchAllQuery(), "");
        Assert.Equal(1, await CountAsync("WHERE deleted = true"));
        await Rows.SweepDocumentsAsync(DateTimeOffset.UnixEpoch.AddDays(1));
        Assert.Equal(0, await CountAsync("WHERE deleted = true"));
    }

    [SkippableTheory]
    [InlineData("UPDATE search_projection SET format = 0")]
    [InlineData("DELETE FROM search_document")]
    public async Task Projector_OtherFormatOrEmptyTable_MakesAllAgain(string sql)
    {
        var projection = Projection();
        UploadAndWait();
        Assert.True(await projection.StepAsync());
        AwaitFound(DocumentKind.Model, new MatchAllQuery(), "model-1");
        await Table.SettleAsync(1, long.MaxValue);
        await ExecuteAsync(sql);

        Assert.True(await Projection().StepAsync());

        Assert.Equal(2, (await Table.StateAsync())!.Generation);
        AwaitFound(DocumentKind.Model, new MatchAllQuery(), "model-1");
        AwaitFound(DocumentKind.Task, Term("state", "COMPLETED"), "register-1");
        // The one of before has lost its right to write, and finds its way.
        AskTask<TaskAccepted>(Create("t1"));
        await Assert.ThrowsAsync<GenerationEndedException>(projection.StepAsync);
        await projection.StepAsync();
        AwaitFound(DocumentKind.Task, Term("state", "CREATED"), "t1");
    }

    [SkippableFact]
    public async Task Projector_Successor_GoesOnWhereTheOtherWas()
    {
        UploadAndWait();
        await Projection().StepAsync();
        AskTask<TaskAccepted>(Create("t1"));

        Assert.False(await Projection().StepAsync());
        Assert.False(await Projection().StepAsync());

        AwaitFound(DocumentKind.Task, new MatchAllQuery(), "register-1 t1");
    }

    [SkippableFact]
    public async Task Write_OfWhoHasReadLess_ChangesNothing()
    {
        UploadAndWait();
        await Projection().StepAsync();
        var events = await Table.EventsAsync(["task-register-1"]);
        Assert.True(events.Count > 1);

        await Table.WriteAsync(1, new DocumentFold(Sys).Fold(events.Take(1)), DateTimeOffset.UnixEpoch);

        AwaitFound(DocumentKind.Task, Term("state", "COMPLETED"), "register-1");
    }

    [SkippableFact]
    public void Search_MoreThanAMessageHolds_IsCut()
    {
        StartProjector();
        for (var i = 0; i < 5; i++)
        {
            AskTask<TaskAccepted>(Create($"t{i}"));
        }

        AwaitFound(DocumentKind.Task, new MatchAllQuery(), "t0 t1 t2 t3 t4");
        var caller = CreateTestProbe();
        Sys.ActorOf(DocumentSearcher.Props(Table, Quick with { MaxMessageBytes = 600 }, TimeProvider.System))
            .Tell(SearchFor(new MatchAllQuery()) with { Kind = DocumentKind.Task }, caller);

        var found = caller.ExpectMsg<DocumentsFound>(Patience);
        Assert.True(found.IsCut);
        Assert.InRange(found.Hits.Count, 1, 4);
        Assert.Equal(5, found.Total);
    }

    [SkippableFact]
    public void Search_ThatNoFieldCanAnswer_IsRefused()
    {
        StartProjector();
        var caller = CreateTestProbe();

        Searcher.Tell(SearchFor(Term("total_chunks", "many")), caller);

        var error = caller.ExpectMsg<SearchRejected>(Patience).Error;
        Assert.Equal(ErrorCode.IllegalArgument, error.Code);
        Assert.Equal("failed to create query: For input string: \"many\"", error.Reason);
    }

    private protected static CreateTask Create(string id) => new(
        new TaskId(id),
        Some.Model,
        TaskType.DeployModel,
        "TEXT_EMBEDDING",
        TaskStatus.Created,
        [Some.NodeA],
        Dialect.Current);

    private protected void StartProjector() => Sys.ActorOf(DocumentProjector.Props(Table, Quick, TimeProvider.System));

    private protected DocumentProjection Projection() => new(Table, new DocumentFold(Sys), Quick, TimeProvider.System);

    /// <summary>Waits until a search finds just these.</summary>
    private protected SearchHit AwaitFound(DocumentKind kind, SearchQuery query, string ids)
    {
        SearchHit? first = null;
        Await(() =>
        {
            var caller = CreateTestProbe();
            Searcher.Tell(SearchFor(query) with { Kind = kind }, caller);
            var found = caller.ExpectMsg<DocumentsFound>(Patience);
            first = found.Hits.Count > 0 ? found.Hits[0] : null;
            Assert.Equal(
                ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
                found.Hits.Select(h => h.Id).Order(StringComparer.Ordinal));
        });
        return first!;
    }

    private protected Task<int> ExecuteAsync(string sql) =>
        Database.Server.RunAsync(Database.Server.Journal, c => c.Command(sql).ExecuteAsync());

    private async Task<long> CountAsync(string where) => Assert.Single(await Database.Server.RunAsync(
        Database.Server.Journal,
        c => c.Command($"SELECT count(*) FROM search_document {where}").ReadAsync(row => row.GetInt64(0))));
}
