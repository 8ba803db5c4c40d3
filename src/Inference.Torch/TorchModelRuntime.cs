using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;
using MlCluster.Inference.Native;
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
        var (model, function, warmUp) = LoadCompiled(package, rehearsal.Batching, device);
        var setup = new SchedulerSetup(model, function, rehearsal, options)
        {
            Time = time,
            PrepareThread = TorchRuntime.PrepareWorkerThread,
            WarmUp = warmUp.Worker,
        };
        var scheduler = BatchScheduler.Start(setup, $"forward {device.Name}");
        return new ServedModel(device, rehearsal.Batching, function.Encoder.MaxLength, scheduler);
    }

    /// <summary>Module and tokenizer at the same time: each takes about as long as the other.</summary>
    private static (IForwardModel Model, ModelFunction Function, WarmUp WarmUp) LoadCompiled(
        ModelPackage package, BatchingMode batching, InferenceDevice device)
    {
        var loadFunction = KeptThreads.Loading.Start(() => FunctionFactory.Load(package));
        var model = KeptThreads.Loading.Run(() => LoadModel(package, device));
        try
        {
            var function = loadFunction();
            var warmUp = WarmUp.For(function, batching);
            Compile(model, warmUp.Compile);
            return (model, function, warmUp);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The first forward compiles the graph, which stays as long as the model.</summary>
    private static void Compile(IForwardModel model, TokenBatch? batch)
    {
        if (batch is not null)
        {
            KeptThreads.Loading.Run(() => model.Forward(batch, static (_, _) => false));
        }
    }

    private static IForwardModel LoadModel(ModelPackage package, InferenceDevice device) =>
        package.Config.Function == FunctionKind.SparseTokenize
            ? new TokensOnlyModel()
            : TorchScriptModel.Load(ModelFile(package), package.Config, device);

    private static string ModelFile(ModelPackage package) => package.ModelFile
        ?? throw new ModelFormatException("Can't find model file: the archive must hold one file that ends with .pt");
}
