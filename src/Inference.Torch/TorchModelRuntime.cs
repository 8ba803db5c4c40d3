using MlCluster.Inference.Batching;
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
        var encoder = TokenizerEncoder.Load(package);
        using var model = TorchScriptModel.Load(package.ModelFile, package.Config, cpu, namesEachCall: true);
        return Rehearsal.Run(model, encoder, StateWrites.InFile(package.ModelFile));
    }

    /// <inheritdoc/>
    public IServedModel Load(
        ModelPackage package, RehearsalReport rehearsal, InferenceDevice device, ServingOptions options)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(rehearsal);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        var (model, encoder) = LoadFiles(package, device);
        var warmUp = WarmUp.For(encoder, rehearsal.Batching);
        Compile(model, warmUp);
        var setup = new SchedulerSetup(model, encoder, rehearsal, options)
        {
            Time = time,
            PrepareThread = TorchRuntime.PrepareWorkerThread,
            WarmUp = warmUp,
        };
        return new ServedModel(device, rehearsal.Batching, BatchScheduler.Start(setup, $"forward {device.Name}"));
    }

    /// <summary>Module and tokenizer at the same time: each takes about as long as the other.</summary>
    private static (TorchScriptModel Model, TokenizerEncoder Encoder) LoadFiles(
        ModelPackage package, InferenceDevice device)
    {
        var encoder = LoadingThreads.Start(() => TokenizerEncoder.Load(package));
        var model = LoadingThreads.Run(() => TorchScriptModel.Load(package.ModelFile, package.Config, device));
        try
        {
            return (model, encoder());
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The first forward compiles the graph, which stays as long as the model.</summary>
    private static void Compile(TorchScriptModel model, IReadOnlyList<TokenBatch> warmUp)
    {
        try
        {
            LoadingThreads.Run(() => warmUp.Count > 0 ? model.Forward(warmUp[0], static (_, _) => false) : []);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
