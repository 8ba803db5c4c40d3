using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Tests.Domain;

public class ChunkTests
{
    private readonly TestModel _model = new();

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Prepare_NumberOutOfRange_IsRefused(int number)
    {
        _model.Do(Some.RegisterMeta(chunks: 2));

        RegistrationTests.AssertRejected(
            _model.Do(new PrepareChunk(Some.Model, number)),
            ErrorCode.IllegalArgument,
            "Chunk number exceeds total chunks");
    }

    [Fact]
    public void Prepare_UnknownModel_IsNotFound() => RegistrationTests.AssertRejected(
        _model.Do(new PrepareChunk(Some.Model, 0)), ErrorCode.NotFound, "Failed to find model");

    [Fact]
    public void Prepare_ModelFromUrl_IsRefused()
    {
        _model.Do(Some.RegisterByUrl());

        RegistrationTests.AssertRejected(
            _model.Do(new PrepareChunk(Some.Model, 0)), ErrorCode.BadState, "the model comes from a URL");
    }

    [Fact]
    public void Offer_SameBytes_IsAlreadyThere()
    {
        _model.Do(Some.RegisterMeta());
        _model.Store(Some.Chunk(0));

        Assert.Equal(ChunkOffer.AlreadyThere, Offer(0, 10, Some.Hash));
        Assert.Equal(ChunkOffer.Write, Offer(0, 11, Some.Hash));
        Assert.Equal(ChunkOffer.Write, Offer(0, 10, "other"));
    }

    [Fact]
    public void Offer_RegisteredModel_TakesRepeatsAlone()
    {
        var model = TestModel.Registered();

        Assert.Equal(
            ChunkOffer.AlreadyThere, ChunkDecisions.Offer(model.State, 0, 10, Some.Hash, model.Context.Limits));
        Assert.Equal(
            ErrorCode.BadState, ChunkDecisions.Offer(model.State, 0, 10, "other", model.Context.Limits).Error?.Code);
    }

    [Fact]
    public void Offer_SumOverTheLimit_IsTooLarge()
    {
        _model.Do(Some.RegisterMeta());
        _model.Store(Some.Chunk(0, length: 60));

        var limits = new ModelLimits { MaxModelBytes = 100 };

        Assert.Null(ChunkDecisions.Offer(_model.State, 1, 40, Some.Hash, limits).Error);
        Assert.Equal(
            "Model file size exceeds the limit of 4GB: 101; here mlcluster.data.uploads.max-model-size allows 100 "
            + "bytes",
            ChunkDecisions.Offer(_model.State, 1, 41, Some.Hash, limits).Error?.Reason);
        // A replacement counts instead of what it replaces.
        Assert.Null(ChunkDecisions.Offer(_model.State, 0, 100, "other", limits).Error);
    }

    [Fact]
    public void IfRoom_DiskNearlyFull_RefusesWhatWouldBeWritten()
    {
        var full = _model.Context with { FreeDiskBytes = 17 };

        Assert.Equal(ErrorCode.CircuitBreaking, ChunkDecisions.IfRoom(ChunkOffer.Write, 10, full).Error?.Code);
        Assert.Equal(ChunkOffer.AlreadyThere, ChunkDecisions.IfRoom(ChunkOffer.AlreadyThere, 10, full));
        Assert.Equal(ChunkOffer.Write, ChunkDecisions.IfRoom(ChunkOffer.Write, 10, _model.Context));
    }

    [Theory]
    [InlineData(120, true)]
    [InlineData(119, false)]
    public void IfRoom_ChunkThatWouldFillTheDisk_IsRefusedInTime(long free, bool fits)
    {
        var context = _model.Context with
        {
            FreeDiskBytes = free, Limits = new ModelLimits { DiskFreeThresholdBytes = 100 },
        };

        // Log and database: twice its ten bytes.
        Assert.Equal(fits, ChunkDecisions.IfRoom(ChunkOffer.Write, 10, context).Store);
    }

    [Fact]
    public void IfRoom_NoThreshold_RefusesNothing() => Assert.True(ChunkDecisions.IfRoom(
        ChunkOffer.Write,
        10,
        _model.Context with { FreeDiskBytes = 5, Limits = new ModelLimits { DiskFreeThresholdBytes = 0 } }).Store);

    [Fact]
    public void Stored_AnyOrder_IsCompleteWithTheLastOne()
    {
        _model.Do(Some.RegisterMeta(chunks: 2));
        _model.Store(Some.Chunk(1, 1));
        Assert.DoesNotContain(Duties(), d => d is Duty.CheckContent);

        _model.Store(Some.Chunk(0, 2));

        Assert.Contains(new Duty.CheckContent(2), Duties());
        _model.Check(null);
        Assert.Equal(ModelStatus.Registered, _model.Status);
        Assert.Equal([0, 1], _model.State.Content.Chunks.Keys);
    }

    [Fact]
    public void Checked_WrongContent_StaysRegisteringAndTakesOtherBytes()
    {
        _model.Do(Some.RegisterMeta(chunks: 1));
        _model.Store(Some.Chunk(0));

        _model.Check("model content changed: the expected sha-256 is a, the actual one b");

        Assert.Equal(ModelStatus.Registering, _model.Status);
        Assert.DoesNotContain(Duties(), d => d is Duty.CheckContent);
        _model.Store(Some.Chunk(0, 2) with { Sha256 = "right" });
        Assert.Contains(new Duty.CheckContent(2), Duties());
    }

    [Fact]
    public void Document_OfWrongContent_SaysWhatIsWrongUntilOtherBytesCome()
    {
        _model.Do(Some.RegisterMeta(chunks: 1));
        _model.Store(Some.Chunk(0));
        Assert.Null(ModelDocuments.Of(Some.Model, _model.State)!.Content.Problem);

        _model.Check("model content changed: the expected sha-256 is a, the actual one b");

        Assert.Equal(
            "model content changed: the expected sha-256 is a, the actual one b. Send the right chunks again, or delete "
            + "the model and register it anew",
            ModelDocuments.Of(Some.Model, _model.State)!.Content.Problem);
        _model.Store(Some.Chunk(0, 2) with { Sha256 = "right" });
        Assert.Null(ModelDocuments.Of(Some.Model, _model.State)!.Content.Problem);
    }

    [Fact]
    public void Checked_OlderSet_IsIgnored()
    {
        _model.Do(Some.RegisterMeta(chunks: 1));
        _model.Store(Some.Chunk(0));
        _model.Store(Some.Chunk(0, 2) with { Sha256 = "newer" });

        _model.Check(null, generation: 1);

        Assert.Equal(ModelStatus.Registering, _model.Status);
    }

    [Fact]
    public void Deploy_ChunksMissing_GivesATaskThatFailsWithTheirNumbers()
    {
        _model.Do(Some.RegisterMeta(chunks: 3));
        _model.Store(Some.Chunk(1));

        var decision = _model.Do(Some.Deploy());

        Assert.Equal(new Answer.WhenTaskExists(Some.Deployment), decision.Answer);
        var task = _model.State.Tasks[Some.Deployment];
        Assert.True(task.Finished);
        Assert.Equal(
            "Fail to find model chunk model-1_0: 1 of 3 chunks are here, missing: 0, 2", task.Error);
        Assert.False(_model.State.Plan.WantsAnything);
    }

    [Fact]
    public void Deploy_WrongContent_GivesATaskThatFailsWithBothHashes()
    {
        _model.Do(Some.RegisterMeta(chunks: 1));
        _model.Store(Some.Chunk(0));
        _model.Check(ContentRules.HashProblem("aa", "bb"));

        _model.Do(Some.Deploy());

        Assert.StartsWith(
            "model content changed: the expected sha-256 is aa, the actual one bb",
            _model.State.Tasks[Some.Deployment].Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Deploy_WhileTheContentIsChecked_EndsWithItsVerdict()
    {
        _model.Do(Some.RegisterMeta(chunks: 1));
        _model.Store(Some.Chunk(0));
        _model.Do(Some.Deploy());
        Assert.DoesNotContain(Duties(), d => d is Duty.Load);

        _model.Check("No tokenizer file");

        Assert.Equal(
            "No tokenizer file. Send the right chunks again, or delete the model and register it anew",
            _model.State.Tasks[Some.Deployment].Error);
        Assert.False(_model.State.Plan.WantsAnything);
    }

    [Fact]
    public void Stored_NumberBeyondTheTotal_IsNoPartOfTheModel()
    {
        _model.Do(Some.RegisterMeta(chunks: 1));

        _model.Store(Some.Chunk(1));

        Assert.Empty(_model.State.Content.Chunks);
        Assert.Equal(ErrorCode.IllegalArgument, Offer(1, 10, Some.Hash).Error!.Code);
    }

    [Theory]
    [InlineData(24, false)]
    [InlineData(25, true)]
    public void Reconcile_NoChunkForADay_Expires(int hours, bool expires)
    {
        _model.Do(Some.RegisterMeta(chunks: 2));
        _model.Store(Some.Chunk(0));
        _model.Context = _model.Context with { Now = 1_000 + (long)TimeSpan.FromHours(hours).TotalMilliseconds };

        _model.Do(new ReconcileModel(Some.Model));

        Assert.Equal(!expires, _model.State.Exists);
    }

    private IEnumerable<Duty> Duties() => ModelDuties.Of(_model.State, _model.Context);

    private ChunkOffer Offer(int number, int length, string sha256) =>
        ChunkDecisions.Offer(_model.State, number, length, sha256, _model.Context.Limits);
}
