using System.Runtime.ExceptionServices;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;
using MlCluster.Inference.Rehearsing;

namespace MlCluster.Inference;

/// <summary>The inference engine in this process: libtorch, tokenizers and one scheduler a model.</summary>
/// <param name="torch">libtorch, started.</param>
/// <param name="time">Times stages and deadlines.</param>
public sealed class TorchModelRuntime(TorchRuntime torch, TimeProvider time) : IModelRuntime
{
    private const string Cpu = "cpu";

    /// <inheritdoc/>
    public IReadOnlyList<InferenceDevice> Devices => torch.Devices;

    /// <inheritdoc/>
    /// <remarks>Always on the CPU: a model that misbehaves must not take a GPU along.</remarks>
    public RehearsalReport Rehearse(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        var cpu = torch.Devices.First(device => device.Name == Cpu);
        var function = FunctionFactory.Load(package);
        if (package.Config.Function == FunctionKind.SparseTokenize)
        {
            return TokensOnlyModel.Report;
        }

        var file = ModelFile(package);
        using var model = TorchScriptModel.Load(file, package.Config, cpu, namesEachCall: true);
        return Rehearsal.Run(model, function, StateWrites.InFile(file));
    }

    /// <inheritdoc/>
    public IServedModel Load(
        ModelPackage package, RehearsalReport rehearsal, InferenceDevice device, ServingOptions options)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(rehearsal);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        var (model, function) = LoadFiles(package, device);
        var setup = new SchedulerSetup(model, function, rehearsal, options)
        {
            Time = time,
            PrepareThread = TorchRuntime.PrepareWorkerThread,
            WarmUp = WarmUp.For(function, rehearsal.Batching),
        };
        return new ServedModel(device, rehearsal.Batching, BatchScheduler.Start(setup, $"forward {device.Name}"));
    }

    /// <summary>Module and tokenizer at the same time: each takes about as long as the other.</summary>
    private static (IForwardModel Model, ModelFunction Function) LoadFiles(
        ModelPackage package, InferenceDevice device)
    {
        IForwardModel? model = null;
        ModelFunction? function = null;
        try
        {
            Parallel.Invoke(
                () => function = FunctionFactory.Load(package),
                () => model = LoadModel(package, device));
            return (model!, function!);
        }
        catch (AggregateException causes)
        {
            model?.Dispose();
            ExceptionDispatchInfo.Throw(causes.InnerExceptions[0]);
            throw;
        }
    }

    private static IForwardModel LoadModel(ModelPackage package, InferenceDevice device) =>
        package.Config.Function == FunctionKind.SparseTokenize
            ? new TokensOnlyModel()
            : TorchScriptModel.Load(ModelFile(package), package.Config, device);

    private static string ModelFile(ModelPackage package) => package.ModelFile
        ?? throw new ModelFormatException("Can't find model file: the archive must hold one file that ends with .pt");
}
