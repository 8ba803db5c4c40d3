using Akka.Actor;
using MlCluster.Messages.Loading;
using MlCluster.Node.Ml.Loading;

namespace MlCluster.Node.Tests.Ml.Fakes;

/// <summary>A loader that says what the test has it say and shows the test what it is told.</summary>
internal sealed class PuppetLoader : ReceiveActor
{
    public PuppetLoader(LoadModel command, IActorRef test)
    {
        test.Tell(new Started(command, Self));
        Receive<LoaderReport>(report => Context.Parent.Tell(report));
        Receive<Crash>(_ => throw new InvalidOperationException("crash"));
        ReceiveAny(test.Forward);
    }

    internal sealed record Started(LoadModel Command, IActorRef Loader);

    internal sealed record Crash;
}
