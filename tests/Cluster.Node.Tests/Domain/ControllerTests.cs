using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Tests.Domain;

/// <summary>A model's controller is kept and told.</summary>
public sealed class ControllerTests
{
    private static readonly GetController Get = new(Some.Model);

    [Fact]
    public void Save_NewAndAgain_IsWrittenAnew()
    {
        var model = TestModel.Registered();

        var first = Do(model, Some.Controller("c1", false, ("u", "4")));
        var second = Do(model, Some.Controller("c2", false, ("v", "2")));

        Assert.Equal(new ControllerSavedReply(Some.Model, 1, true), first);
        Assert.Equal(new ControllerSavedReply(Some.Model, 2, false), second);

        Assert.Equal(["v 2"], Users(model));
        Assert.True(ModelDocuments.Of(Some.Model, model.State)!.IsControllerEnabled);
    }

    [Fact]
    public void Save_ChangeOfSome_KeepsTheOthers()
    {
        var model = TestModel.Registered();
        Do(model, Some.Controller("c1", false, ("u", "4"), ("v", "2")));

        Do(model, new SaveController(
            Some.Model, new CommandId("c2"), [new UserRateLimiter("u", new RateLimiter("9", null))], MustExist: true));
        Do(model, Some.Controller("c3", true, ("a", "1")));

        Assert.Equal(["a 1", "u 9", "v 2"], Users(model));
        Assert.All(
            Assert.IsType<ControllerDocument>(Do(model, Get)).Users,
            u => Assert.Equal(RateUnit.Minutes, u.Limiter.Unit));
    }

    [Fact]
    public void Delete_Controller_IsGoneAndMayComeBack()
    {
        var model = TestModel.Registered();
        Do(model, Some.Controller("c1", false, ("u", "4")));

        Assert.Equal(new ControllerDeletedReply(Some.Model, 2), Do(model, Delete("d")));
        Assert.Equal(new ControllerDeletedReply(Some.Model, 2), Do(model, Delete("d")));

        Assert.Equal(ErrorCode.NotFound, Refused(model, Delete("e")).Code);
        Assert.Equal(ErrorCode.NotFound, Refused(model, Get).Code);
        Assert.False(ModelDocuments.Of(Some.Model, model.State)!.IsControllerEnabled);
        Assert.Equal(new ControllerSavedReply(Some.Model, 3, true), Do(model, Some.Controller("c2", false)));
    }

    [Fact]
    public void AnyCommand_RepeatedAfterOthers_ChangesNothingAndIsAnsweredAsBefore()
    {
        var model = TestModel.Registered();
        IModelCommand[] commands =
        [
            Some.Controller("c1", false, ("u", "4")),
            Delete("d1"),
            Some.Controller("c2", false, ("v", "2")),
            Some.Controller("c3", true, ("w", "1")),
        ];
        var first = commands.Select(c => Do(model, c)).ToList();

        Assert.Equal(first, commands.Select(c => Do(model, c)));
        Assert.All(commands, c => Assert.Empty(model.Do(c).Events));
        Assert.Equal(["v 2", "w 1"], Users(model));

        var restored = model.Restored();
        Assert.Equal(first, commands.Select(c => Do(restored, c)));
        Assert.Equal(["v 2", "w 1"], Users(restored));
    }

    [Fact]
    public void Command_OfASnapshotThatKnewOne_IsAnsweredAsBefore()
    {
        var model = TestModel.Registered();
        Do(model, Some.Controller("c1", false, ("u", "4")));
        Do(model, Some.Controller("c2", false, ("v", "2")));

        var restored = model.Restored(taken => taken with
        {
            Updates = taken.Updates! with { Controller = taken.Updates.Controller! with { Earlier = [] } },
        });

        Assert.Equal(new ControllerSavedReply(Some.Model, 2, false), Do(restored, Some.Controller("c2", false)));
        Assert.Equal(["v 2"], Users(restored));
    }

    [Fact]
    public void Save_WhereItMayNot_SaysWhy()
    {
        var unknown = new TestModel();
        Assert.Equal(
            "Failed to find model to create the corresponding model controller with the provided model ID: model-1",
            Refused(unknown, Some.Controller("c", false)).Reason);

        var model = TestModel.Registered();
        Assert.Equal(
            new ProtocolError(
                ErrorCode.Conflict,
                "Model controller haven't been created for the model. Consider calling create model controller api "
                + "instead. Model ID: model-1"),
            Refused(model, Some.Controller("c", true)));
        model.Do(Some.Deploy());
        Assert.StartsWith(
            "Creating a model controller during its corresponding model in DEPLOYING state is not allowed",
            Refused(model, Some.Controller("c", false)).Reason,
            StringComparison.Ordinal);

        var sparse = new TestModel();
        sparse.Do(Some.RegisterMeta() with { Spec = Some.Spec with { FunctionName = "SPARSE_ENCODING" } });
        Assert.Equal(
            new ProtocolError(
                ErrorCode.Forbidden,
                "Creating model controller on this operation on the function category SPARSE_ENCODING is not "
                + "supported."),
            Refused(sparse, Some.Controller("c", false)));
    }

    private static DeleteController Delete(string command) => new(Some.Model, new CommandId(command));

    private static IEnumerable<string> Users(TestModel model) =>
        Assert.IsType<ControllerDocument>(Do(model, Get)).Users.Select(u => $"{u.User} {u.Limiter.Limit}");

    private static IModelReply Do(TestModel model, IModelCommand command) =>
        Assert.IsType<Answer.Now>(model.Do(command).Answer).Reply;

    private static ProtocolError Refused(TestModel model, IModelCommand command) =>
        Assert.IsType<ModelRejected>(Do(model, command)).Error;
}
