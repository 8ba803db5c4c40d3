using System.Runtime.InteropServices;
using MlCluster.Inference.Native;
using TorchSharp;

namespace MlCluster.Inference;

/// <summary>libtorch in this process: loaded once, with its devices, threads and executor set for serving.</summary>
/// <remarks>
/// Nothing else in the process may touch TorchSharp before <see cref="Start"/> has returned: its own search for native
/// libraries does not work on Debian 12.
/// </remarks>
public sealed class TorchRuntime
{
    private static readonly Lock Gate = new();
    private static TorchRuntime? _running;
    private static TorchUnavailableException? _failure;

    [ThreadStatic]
    private static bool _threadPrepared;

    private TorchRuntime(TorchRuntimeOptions options, string version, IReadOnlyList<InferenceDevice> devices)
    {
        Options = options;
        Version = version;
        Devices = devices;
    }

    /// <summary>What it was started with.</summary>
    public TorchRuntimeOptions Options { get; }

    /// <summary>The version of libtorch, such as <c>2.10.0</c>.</summary>
    public string Version { get; }

    /// <summary>Devices that a model can be loaded on: GPUs first, <c>cpu</c> last; never empty.</summary>
    public IReadOnlyList<InferenceDevice> Devices { get; }

    /// <summary>Loads libtorch at the first call; every later one gives the same runtime.</summary>
    /// <exception cref="TorchUnavailableException">
    /// It does not load. A process cannot load another libtorch afterwards, so later calls fail in the same way.
    /// </exception>
    /// <exception cref="InvalidOperationException">It is already running with other options.</exception>
    public static TorchRuntime Start(TorchRuntimeOptions? options = null)
    {
        lock (Gate)
        {
            if (_failure is not null)
            {
                throw new TorchUnavailableException(_failure.Message, _failure);
            }

            var wanted = options ?? _running?.Options ?? new TorchRuntimeOptions();
            _running ??= LoadOnce(wanted);
            return _running.Options == wanted ? _running : throw new InvalidOperationException(
                $"libtorch is already loaded with {_running.Options}; a process cannot load it again with {wanted}");
        }
    }

    /// <summary>
    /// Sets what libtorch keeps per thread; called on each thread that runs forwards. Cheap when repeated.
    /// </summary>
    public static void PrepareWorkerThread()
    {
        if (_threadPrepared)
        {
            return;
        }

        // OpenMP keeps its number of threads per calling thread; more than one collapses on a busy machine.
        torch.set_num_threads(1);

        // The profiling executor specializes for shapes it has seen; mixed lengths make it start over and over.
        BindingExports.KeepGraphsAsTheyAre();
        _threadPrepared = true;
    }

    private static TorchRuntime LoadOnce(TorchRuntimeOptions options)
    {
        try
        {
            var version = options.TorchLibs is { } folder ? PythonTorch.Check(folder) : null;
            BindingExports.Bind(NativeLibraries.Load(options));

            // Before any other call into torch: a libtorch with CUDA registers its devices here.
            _ = torch.TryInitializeDeviceType(DeviceType.CUDA);
            torch.set_num_threads(1);
            torch.set_num_interop_threads(1);
            return new TorchRuntime(options, version ?? torch.__version__, DeviceList.Find());
        }
        catch (TorchUnavailableException cause)
        {
            _failure = cause;
            throw;
        }
        catch (Exception cause) when (cause is ExternalException or EntryPointNotFoundException
            or TypeInitializationException)
        {
            _failure = new TorchUnavailableException($"libtorch does not start: {cause.Message}", cause);
            throw _failure;
        }
    }
}
