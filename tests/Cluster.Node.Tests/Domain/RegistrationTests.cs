using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Tests.Domain;

public class RegistrationTests
{
    private readonly TestModel _model = new();

    [Fact]
    public void Register_Unknown_StartsAndAnswersWhenTheTaskExists()
    {
        var decision = _model.Do(Some.RegisterByUrl());

        Assert.IsType<ModelRegistrationStarted>(Assert.Single(decision.Events));
        Assert.Equal(new Answer.WhenTaskExists(Some.Registration), decision.Answer);
        Assert.Contains(new Duty.Download(), ModelDuties.Of(_model.State, _model.Context));
    }

    [Fact]
    public void Register_OtherTaskOnSameId_IsAConflict()
    {
        _model.Do(Some.RegisterByUrl());

        var decision = _model.Do(Some.RegisterByUrl() with { TaskId = new TaskId("other") });

        AssertRejected(decision, ErrorCode.Conflict, "model id 'model-1' already exists");
    }

    [Fact]
    public void Register_DiskNearlyFull_IsRefusedWithBytesAndLimit()
    {
        _model.Context = _model.Context with { FreeDiskBytes = 17 };

        var decision = _model.Do(Some.RegisterByUrl());

        var reason = AssertRejected(
            decision, ErrorCode.CircuitBreaking, "Disk Circuit Breaker is open, please check your resources!");
        Assert.Contains("17 bytes", reason, StringComparison.Ordinal);
        Assert.Contains("5368709120 bytes", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_NameAloneWithoutARepository_IsRefusedWithWhatToSet()
    {
        var reason = AssertRejected(
            _model.Do(Some.RegisterByUrl() with { Url = "" }), ErrorCode.IllegalArgument, "model file url is null");

        Assert.Contains("set mlcluster.models.repository on the data nodes", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Found_PretrainedModel_IsWhatTheRepositorySays()
    {
        var found = Some.Spec with { FunctionName = "SPARSE_ENCODING", Description = "d" };
        _model.Context = _model.Context with { HasRepository = true };
        _model.Do(Some.RegisterByUrl() with { Url = "" });
        _model.Take(RegistrationDecisions.StartDownload(_model.State, Some.Model, _model.Context));

        Found(found);

        Assert.Equal((found, Some.Hash), (_model.State.Spec, _model.State.Origin!.Sha256));
        Assert.Equal(found, ModelDocuments.Of(Some.Model, _model.State)!.Spec);
        Assert.Empty(Found(found).Events);
        _model.Take(RegistrationDecisions.StartDownload(_model.State, Some.Model, _model.Context));
        Assert.Equal((found, ""), (_model.State.Spec, _model.State.Origin!.Url));
    }

    [Fact]
    public void Found_UploadByUrlOrModelThatHasGone_ChangesNothing()
    {
        _model.Do(Some.RegisterByUrl());
        Assert.Empty(Found(Some.Spec).Events);

        _model.Do(new DeleteModel(Some.Model, new CommandId("delete")));
        Assert.Empty(Found(Some.Spec).Events);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void RegisterMeta_TotalChunksOutOfRange_IsRefused(int chunks) => AssertRejected(
        _model.Do(Some.RegisterMeta(chunks)), ErrorCode.IllegalArgument, "total chunks must be 1 to 10000");

    // A client may name the model; a repeat of its request is answered as before.
    [Fact]
    public void RegisterMeta_AnotherArchiveUnderTheSameId_IsRefused()
    {
        _model.Do(Some.RegisterMeta());

        Assert.Empty(_model.Do(Some.RegisterMeta()).Events);
        AssertRejected(
            _model.Do(Some.RegisterMeta() with { Sha256 = new string('b', Some.Hash.Length) }),
            ErrorCode.Conflict,
            "model id 'model-1' already exists");
        AssertRejected(
            _model.Do(Some.RegisterMeta(chunks: 3)), ErrorCode.Conflict, "model id 'model-1' already exists");
    }

    [Fact]
    public void RegisterMeta_TooBig_IsRefused() => AssertRejected(
        _model.Do(Some.RegisterMeta() with { SizeBytes = 5L << 30 }),
        ErrorCode.IllegalArgument,
        "Model file size exceeds the limit of 4GB: 5368709120");

    [Fact]
    public void StartDownload_AfterAsManyAsThereMayBe_FailsAndSaysSo()
    {
        _model.Context = _model.Context with { Limits = _model.Context.Limits with { MaxDownloadStarts = 3 } };
        _model.Do(Some.RegisterByUrl());
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var started = _model.Take(RegistrationDecisions.StartDownload(_model.State, Some.Model, _model.Context));
            Assert.Equal(attempt, Assert.IsType<ModelDownloadStarted>(Assert.Single(started.Events)).Attempt);
        }

        _model.Take(RegistrationDecisions.StartDownload(_model.State, Some.Model, _model.Context));

        Assert.Equal(ModelPhase.Gone, _model.State.Phase);
        Assert.Contains("began 3 times", _model.State.Tasks[Some.Registration].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void StartDownload_Again_ForgetsChunksOfTheFirstAttempt()
    {
        _model.Do(Some.RegisterByUrl());
        _model.Take(RegistrationDecisions.StartDownload(_model.State, Some.Model, _model.Context));
        _model.Store(Some.Chunk(0));

        _model.Take(RegistrationDecisions.StartDownload(_model.State, Some.Model, _model.Context));

        Assert.Empty(_model.State.Content.Chunks);
    }

    [Fact]
    public void Checked_GoodDownload_RegistersAndEndsTheTask()
    {
        _model.Do(Some.RegisterByUrl());
        _model.Take(RegistrationDecisions.StartDownload(_model.State, Some.Model, _model.Context));
        _model.Store(Some.Chunk(0));

        _model.Check(null);

        Assert.Equal(ModelStatus.Registered, _model.Status);
        Assert.True(_model.State.Tasks[Some.Registration] is { Finished: true, Error: null });
        Assert.Equal(1, ModelDocuments.Of(Some.Model, _model.State)!.Content.TotalChunks);
    }

    [Fact]
    public void Checked_GoodDownloadWithDeploy_DeploysUnderItsOwnTask()
    {
        _model.Do(Some.RegisterByUrl(new AutoDeploy(Some.Deployment, [])));
        _model.Take(RegistrationDecisions.StartDownload(_model.State, Some.Model, _model.Context));
        _model.Store(Some.Chunk(0));

        _model.Check(null);

        Assert.Equal(ModelStatus.Deploying, _model.Status);
        Assert.Equal(TaskType.DeployModel, _model.State.Tasks[Some.Deployment].Type);
        Assert.True(_model.State.Plan.ToAll);
    }

    [Fact]
    public void Checked_BadDownload_RemovesTheDocumentAndFailsTheTask()
    {
        _model.Do(Some.RegisterByUrl());
        _model.Take(RegistrationDecisions.StartDownload(_model.State, Some.Model, _model.Context));

        _model.Check("Can't find model file");

        Assert.Null(ModelDocuments.Of(Some.Model, _model.State));
        Assert.Equal("Can't find model file", _model.State.Tasks[Some.Registration].Error);
        Assert.Contains(new Duty.Purge(), ModelDuties.Of(_model.State, _model.Context));
    }

    [Fact]
    public void Delete_WhileDownloading_EndsTheTaskAndIsAnsweredAgain()
    {
        _model.Do(Some.RegisterByUrl());
        var delete = new DeleteModel(Some.Model, new CommandId("delete"));

        var first = _model.Do(delete);
        var second = _model.Do(delete);

        Assert.Equal(first.Answer, second.Answer);
        Assert.Empty(second.Events);
        Assert.Equal("the model was deleted", _model.State.Tasks[Some.Registration].Error);
        AssertRejected(
            _model.Do(new GetModel(Some.Model)),
            ErrorCode.NotFound,
            "Failed to find model with the provided model id: model-1");
    }

    [Fact]
    public void Purged_RepeatedCommands_AreStillAnswered()
    {
        _model.Do(Some.RegisterByUrl());
        var delete = new DeleteModel(Some.Model, new CommandId("delete"));
        var deleted = _model.Do(delete);

        var tombstone = ModelFold.Apply(
            ModelState.Unknown,
            new ModelPurged(Some.Model, Some.Registration, new CommandId("delete"), _model.State.Version, 1));

        Assert.Equal(deleted.Answer, ModelDecisions.Decide(tombstone, delete, _model.Context).Answer);
        Assert.Equal(
            new Answer.WhenTaskExists(Some.Registration),
            ModelDecisions.Decide(tombstone, Some.RegisterByUrl(), _model.Context).Answer);
    }

    [Fact]
    public void Register_WhileAnEarlierModelIsCleared_WaitsUntilItHasGone()
    {
        _model.Do(Some.RegisterByUrl());
        _model.Do(new DeleteModel(Some.Model, new CommandId("delete")));

        foreach (IModelCommand command in (IModelCommand[])[Again, Some.RegisterMeta()])
        {
            var decision = _model.Do(command);

            Assert.Equal(Answer.AfterPurge, decision.Answer);
            Assert.Empty(decision.Events);
        }
    }

    [Fact]
    public void Register_WhileItIsCleared_TheCommandThatMadeIt_IsAnsweredAsBefore()
    {
        var first = _model.Do(Some.RegisterByUrl());
        _model.Do(new DeleteModel(Some.Model, new CommandId("delete")));

        Assert.Equal(first.Answer, _model.Do(Some.RegisterByUrl()).Answer);
    }

    [Fact]
    public void Register_AfterThePurge_BeginsAnewWithNumbersThatGoOn()
    {
        _model.Do(Some.RegisterByUrl());
        _model.Purge();
        var before = _model.State;

        var decision = _model.Do(Again);

        Assert.Equal(new Answer.WhenTaskExists(Again.TaskId), decision.Answer);
        Assert.Equal(ModelPhase.Downloading, _model.State.Phase);
        Assert.Equal(before.Version + 1, _model.State.Version);
        Assert.Equal(before.Version, _model.State.Plan.Version);
        Assert.Equal([Again.TaskId], _model.State.Tasks.Keys);
    }

    [Fact]
    public void RegisterMeta_AfterThePurge_BeginsAnew()
    {
        _model.Do(Some.RegisterByUrl());
        _model.Purge();

        _model.Do(Some.RegisterMeta());

        Assert.Equal(ModelPhase.Collecting, _model.State.Phase);
    }

    [Fact]
    public void RepeatsOfEarlierCommands_AfterANewRegistration_AreAnsweredAndDoNothing()
    {
        var first = _model.Do(Some.RegisterByUrl());
        _model.Purge("delete");
        _model.Do(Again);

        var (registered, deleted) =
            (_model.Do(Some.RegisterByUrl()), _model.Do(new DeleteModel(Some.Model, new CommandId("delete"))));

        Assert.Equal(first.Answer, registered.Answer);
        Assert.Empty(registered.Events);
        Assert.IsType<ModelDeletedReply>(Assert.IsType<Answer.Now>(deleted.Answer).Reply);
        Assert.Empty(deleted.Events);
        Assert.Equal(ModelPhase.Downloading, _model.State.Phase);
    }

    private static RegisterModel Again => Some.RegisterByUrl() with { TaskId = new TaskId("again") };

    private ModelDecision Found(ModelSpec spec) => _model.Take(
        RegistrationDecisions.Found(_model.State, Some.Model, (spec, Some.Hash), _model.Context));

    internal static string AssertRejected(ModelDecision decision, ErrorCode code, string beginning)
    {
        Assert.Empty(decision.Events);
        var rejected = Assert.IsType<ModelRejected>(Assert.IsType<Answer.Now>(decision.Answer).Reply);
        Assert.Equal(code, rejected.Error.Code);
        Assert.StartsWith(beginning, rejected.Error.Reason, StringComparison.Ordinal);
        return rejected.Error.Reason;
    }
}
