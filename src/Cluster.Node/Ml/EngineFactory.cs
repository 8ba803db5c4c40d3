using System.Globalization;
using MlCluster.Inference;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Ml;

/// <summary>The only place that names the engine's implementation.</summary>
internal static class EngineFactory
{
    /// <summary>Loads libtorch; takes long.</summary>
    /// <exception cref="TorchUnavailableException">It cannot be used here.</exception>
    public static IModelRuntime Create(TorchRuntimeOptions options, TimeProvider time) =>
        new TorchModelRuntime(TorchRuntime.Start(options), time);

    public static TorchRuntimeOptions OptionsOf(NodeOptions options) => new(options.TorchLibs);

    /// <summary>Names this build of the engine with its libtorch: what a kept rehearsal is good for.</summary>
    public static string Identity(TorchRuntimeOptions options) => string.Create(
        CultureInfo.InvariantCulture, $"{typeof(IModelRuntime).Module.ModuleVersionId} {options.TorchLibs}");
}
