using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.ModelHost;

/// <summary>Where requests go.</summary>
public sealed class HostPredictTests : HostKit
{
    [Fact]
    public void PredictRequest_ServedModel_GoesToItsLoader()
    {
        Serve(Load(TestModels.Load()));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        Host.Tell(Predict(Id), TestActor);

        Loaders.ExpectMsg<PredictRequest>();
        Assert.Equal(TestActor, Loaders.LastSender);
    }

    [Fact]
    public void CancelPredict_AnyModel_GoesToItsLoaderIfThereIsOne()
    {
        Load(TestModels.Load());

        Host.Tell(new CancelPredict(Other, "r"));
        Host.Tell(new CancelPredict(Id, "r"));

        Assert.Equal(Id, Loaders.ExpectMsg<CancelPredict>().ModelId);
    }

    [Fact]
    public void PredictRequest_ModelNotLoaded_IsNotServed()
    {
        Load(TestModels.Load());

        Host.Tell(Predict(Id), TestActor);
        Assert.Equal(ErrorCode.NotServed, ExpectMsg<PredictRejected>().Error.Code);
        Host.Tell(Predict(Other), TestActor);
        Assert.Equal(ErrorCode.NotServed, ExpectMsg<PredictRejected>().Error.Code);
    }
}
