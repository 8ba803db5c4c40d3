using MlCluster.Inference.Archive;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;
using MlCluster.Inference.Native;
using MlCluster.Inference.Onnx;
using MlCluster.Inference.Rehearsing;

namespace MlCluster.Inference;

/// <summary>
/// The inference engine in this process: libtorch, ONNX Runtime beside it, tokenizers and one scheduler a model.
/// </summary>
/// <param name="torch">libtorch, started.</param>
/// <param name="time">Times stages and deadlines.</param>
public sealed class TorchModelRuntime(TorchRuntime torch, TimeProvider time) : IModelRuntime
{
    private const string Cpu = "cpu";

    private readonly InferenceDevice _processor = torch.Devices.First(device => device.Name == Cpu);
    private readonly OnnxPlacement _onnx = new(torch.Devices, OnnxEnvironment.Problem);

    /// <inheritdoc/>
    public IReadOnlyList<InferenceDevice> Devices => torch.Devices;

    /// <inheritdoc/>
    public string? Warning => _onnx.Problem;

    /// <inheritdoc/>
    /// <remarks>Always on the CPU: a model that misbehaves must not take a GPU along.</remarks>
    public RehearsalReport Rehearse(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        var function = FunctionFactory.Load(package);
        if (package.Config.Function == FunctionKind.SparseTokenize)
        {
            return TokensOnlyModel.Report;
        }

        var (file, loader) = (FileOf(package), LoaderOf(package.Config));
        using var model = loader.Load(file, package.Config, _processor, rehearses: true);
        return Rehearsal.Run(model, function, loader.WritesState(file), time);
    }

    /// <inheritdoc/>
    public IServedModel Load(
        ModelPackage package, RehearsalReport rehearsal, InferenceDevice device, ServingOptions options)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(rehearsal);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        var place = LoaderOf(package.Config).DeviceFor(device);
        var (model, function, warmUp) = LoadCompiled(package, rehearsal.Batching, place);
        var setup = new SchedulerSetup(model, function, rehearsal, options)
        {
            Time = time,
            PrepareThread = TorchRuntime.PrepareWorkerThread,
            WarmUp = warmUp.Worker,
        };
        var scheduler = BatchScheduler.Start(setup, $"forward {place.Name}");
        return new ServedModel(place, rehearsal.Batching, function.Encoder.MaxLength, scheduler);
    }

    /// <summary>Module and tokenizer at the same time: each takes about as long as the other.</summary>
    private (IForwardModel Model, ModelFunction Function, WarmUp WarmUp) LoadCompiled(
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

    private IForwardModel LoadModel(ModelPackage package, InferenceDevice device) =>
        package.Config.Function == FunctionKind.SparseTokenize
            ? new TokensOnlyModel()
            : LoaderOf(package.Config).Load(FileOf(package), package.Config, device, rehearses: false);

    private IModelLoader LoaderOf(FunctionConfig config) =>
        config.Format == ModelFormat.Onnx && config.Function != FunctionKind.SparseTokenize
            ? new OnnxLoader(_onnx)
            : new TorchScriptLoader();

    private static string FileOf(ModelPackage package) =>
        ModelFormats.Problem(package.Config.Format, package.ModelFile) is { } problem
            ? throw new ModelFormatException(problem)
            : package.ModelFile!;
}
