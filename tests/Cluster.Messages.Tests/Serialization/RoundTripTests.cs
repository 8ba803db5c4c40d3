using CsCheck;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Statistics;
using MlCluster.Messages.Tests.Support;

namespace MlCluster.Messages.Tests.Serialization;

public sealed class RoundTripTests
{
    public static TheoryData<Type> Types => [.. Protocol.Types];

    [Theory]
    [MemberData(nameof(Types))]
    public void RoundTrip_NullsAndEmpties_ComeBack(Type type) => AssertRoundTrip(new BareValues(), type);

    [Theory]
    [MemberData(nameof(Types))]
    public void RoundTrip_FilledMembers_ComeBack(Type type) => AssertRoundTrip(new FilledValues(), type);

    [Theory]
    [MemberData(nameof(Types))]
    public void RoundTrip_EmptyButPresentAndExtremes_ComeBack(Type type) => AssertRoundTrip(new EdgeValues(), type);

    [Theory]
    [InlineData(typeof(ChunkSegment))]
    [InlineData(typeof(ModelDocument))]
    [InlineData(typeof(ModelUndeployed))]
    [InlineData(typeof(NodeDeployments))]
    [InlineData(typeof(PredictRequest))]
    [InlineData(typeof(Predicted))]
    [InlineData(typeof(RegisterModel))]
    public void RoundTrip_AnyMembers_ComeBack(Type type) =>
        Gen.Int.Sample(seed => AssertRoundTrip(new RandomValues(seed), type), iter: 500);

    [Fact]
    public void Make_TwoSources_DifferInEveryType()
    {
        // A filler that gives the same for everything would let any codec pass.
        var same = Protocol.Types.Where(type => type.GetProperties().Length > 0 &&
            Structure.Of(new Filler(new BareValues()).Make(type))
            == Structure.Of(new Filler(new FilledValues()).Make(type)));

        Assert.Empty(same);
    }

    // These came later, so they are no parameters of their records.
    [Fact]
    public void RoundTrip_ProblemOfContent_Comes()
    {
        var document = (ModelDocument)new Filler(new FilledValues()).Make(typeof(ModelDocument));

        var read = (ModelDocument)Protocol.RoundTrip(
            document with { Content = document.Content with { Problem = "wrong" } });

        Assert.Equal("wrong", read.Content.Problem);
    }

    [Fact]
    public void RoundTrip_LoadOfAMachine_KeepsWhatIsKnown()
    {
        var reply = (NodeStatisticsReply)new Filler(new FilledValues()).Make(typeof(NodeStatisticsReply));
        var load = new MachineLoad(0, null, 0.25, null, 3);

        var process = new ProcessLoad(1, 2, 3, 4, 5, 6, 7, null);

        var read = (NodeStatisticsReply)Protocol.RoundTrip(reply with { Load = load, Process = process });
        Assert.Equal((load, process), (read.Load, read.Process));
        Assert.Equal(0, ((NodeStatisticsReply)Protocol.RoundTrip(
            reply with { Process = process with { OpenFiles = 0 } })).Process!.OpenFiles);
        Assert.Null(((NodeStatisticsReply)Protocol.RoundTrip(reply)).Load);
        Assert.Null(((NodeStatisticsReply)Protocol.RoundTrip(reply)).Process);
    }

    // It came later, so it is no parameter of the record.
    [Theory]
    [InlineData(7L)]
    [InlineData(null)]
    public void RoundTrip_WishOfASnapshot_KeepsItsTime(long? since)
    {
        var taken = (ModelSnapshotTaken)new Filler(new FilledValues()).Make(typeof(ModelSnapshotTaken));

        var read = (ModelSnapshotTaken)Protocol.RoundTrip(
            taken with { Plan = taken.Plan with { WantedSince = since } });

        Assert.Equal(since, read.Plan.WantedSince);
    }

    // These came later too.
    [Fact]
    public void RoundTrip_WhatCameAfterTheFirstVersion_ComesBack()
    {
        Assert.All(LaterMembers(new FilledValues()), m => AssertComesBack(m));
        Assert.All(LaterMembers(new EdgeValues()), m => AssertComesBack(m));
    }

    private static IEnumerable<object> LaterMembers(IValueSource values)
    {
        var filler = new Filler(values);
        T Make<T>() => (T)filler.Make(typeof(T));
        var document = Make<ModelDocument>();
        yield return document with
        {
            IsControllerEnabled = false,
            Spec = document.Spec with
            {
                IsEnabled = false,
                RateLimiter = Make<RateLimiter>(),
                DeploySetting = Make<DeploySetting>(),
                Interface = Make<ModelInterface>(),
            },
        };
        var taken = Make<ModelSnapshotTaken>();
        yield return taken with { Updates = Make<SnapshotUpdates>() };
        yield return taken with
        {
            Updates = Make<SnapshotUpdates>() with
            {
                EarlierUpdates = [Make<CommandId>(), Make<CommandId>()],
                Controller = Make<SnapshotController>() with { Earlier = [Make<SnapshotControllerCommand>()] },
            },
        };
        yield return taken with { Content = taken.Content with { ModelBytes = 7 } };
        yield return Make<NodeDeploymentReported>() with { ModelBytes = 7 };
        yield return Make<PredictRejected>() with
        {
            Error = Make<ProtocolError>() with { Cause = Make<ErrorCause>() },
        };
        yield return Make<GetNodeProfile>() with { WithPredictions = true };
        yield return Make<NodeProfileReply>() with
        {
            Models = [Make<ModelProfile>() with { Predictions = [Make<RunningPrediction>()] }],
        };
        yield return Make<NodeStatisticsReply>() with { Routed = [Make<RoutedPredictions>()] };
        yield return Make<LoadModel>() with { Rules = Make<ServingRules>() with { HasInterface = true } };
        var update = Make<UpdateModel>();
        yield return update with
        {
            Changes = update.Changes with
            {
                DeploySetting = Make<DeploySetting>(), Interface = Make<ModelInterface>(),
            },
        };
        yield return Make<Predicted>() with { InterfaceVersion = 7 };
        yield return Make<NodeDeployments>() with { Models = [Make<ServedModel>() with { InterfaceVersion = 7 }] };
        yield return Make<NodeProfileReply>() with { Models = [Make<ModelProfile>() with { IdleMilliseconds = 7 }] };
    }

    private static void AssertComesBack(object message) =>
        Assert.Equal(Structure.Of(message), Structure.Of(Protocol.RoundTrip(message)));

    // It came later, so it is no parameter of the record.
    [Theory]
    [InlineData("ONNX")]
    [InlineData("")]
    public void RoundTrip_FormatOfAProfile_ComesBack(string format)
    {
        var reply = (NodeProfileReply)new Filler(new FilledValues()).Make(typeof(NodeProfileReply));

        var read = (NodeProfileReply)Protocol.RoundTrip(
            reply with { Models = [reply.Models[0] with { ModelFormat = format }] });

        Assert.Equal(format, read.Models[0].ModelFormat);
    }

    private static void AssertRoundTrip(IValueSource values, Type type)
    {
        var message = new Filler(values).Make(type);

        Assert.Equal(Structure.Of(message), Structure.Of(Protocol.RoundTrip(message)));
    }
}
