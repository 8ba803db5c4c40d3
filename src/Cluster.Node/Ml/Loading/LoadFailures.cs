using System.Globalization;
using MlCluster.Inference;
using MlCluster.Messages;
using MlCluster.Node.Ml.Rehearsal;

namespace MlCluster.Node.Ml.Loading;

/// <summary>Tells failures that may pass from those that will not.</summary>
internal static class LoadFailures
{
    /// <param name="loadTimeout">What a load may take.</param>
    /// <param name="served">The model if it had been loaded: its first answer failed then.</param>
    public static LoadFailed Describe(
        ModelId model, Exception e, IServedModel? served, TimeSpan loadTimeout) => e switch
    {
        _ when served is { Failure.IsCompleted: true } =>
            new LoadFailed(model, e.Message, MayPass: false, ThreadLost: true),
        LoadRefusedException or ModelFormatException or TorchUnavailableException =>
            new LoadFailed(model, e.Message, MayPass: false, ThreadLost: false),
        RehearsalInterruptedException { TimedOut: var late } =>
            new LoadFailed(model, e.Message, MayPass: true, ThreadLost: false, TimedOut: late),
        TimeoutException => new LoadFailed(
            model,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the model did not finish loading within mlcluster.ml.load-timeout, {loadTimeout.TotalSeconds} s; its "
                + $"thread was given up, and the node wants a restart: raise that, or deploy a smaller model"),
            MayPass: false,
            ThreadLost: true),
        _ => new LoadFailed(model, Innermost(e).Message, MayPass: true, ThreadLost: false),
    };

    private static Exception Innermost(Exception e) =>
        e is AggregateException { InnerException: { } inner } ? inner : e;
}
