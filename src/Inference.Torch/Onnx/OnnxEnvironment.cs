using Microsoft.ML.OnnxRuntime;

namespace MlCluster.Inference.Onnx;

/// <summary>ONNX Runtime in this process, started by the first model that needs it.</summary>
internal static class OnnxEnvironment
{
    private const string Cuda = "CUDAExecutionProvider";

    private static readonly Lazy<OrtEnv> Running = new(Start);

    /// <summary>Says why no model can run on a device; null: one did.</summary>
    /// <remarks>
    /// That the build has the provider is not enough: its libraries are looked for when a session is made for the
    /// device, and each may be missing or of another version.
    /// </remarks>
    public static string? Problem(InferenceDevice device)
    {
        try
        {
            if (CudaIndex(device) is not null && !Providers().Contains(Cuda, StringComparer.Ordinal))
            {
                return "this build has no ONNX Runtime for CUDA: build with -p:Torch=cuda";
            }

            using var options = OptionsFor(device);
            using var session = new InferenceSession(SmallestModel.Bytes, options);
            return null;
        }
        catch (Exception cause) when (cause is InferenceException or OnnxRuntimeException or DllNotFoundException
            or EntryPointNotFoundException)
        {
            return OnnxErrors.Summarize(cause.Message);
        }
    }

    /// <summary>Options of a session on a device; the caller disposes them.</summary>
    /// <exception cref="InferenceException">ONNX Runtime does not load, or not on that device.</exception>
    public static SessionOptions OptionsFor(InferenceDevice device)
    {
        _ = Ask(static env => env);
        var options = new SessionOptions
        {
            // The workers are the threads: each runs a forward by itself.
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,

            // An arena keeps what the largest forward took, and a plan of memory is kept for every shape that was seen.
            EnableCpuMemArena = false,
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };

        // Whatever a file begins with: only what was checked is read.
        options.AddSessionConfigEntry("session.load_model_format", "ONNX");
        if (CudaIndex(device) is { } index)
        {
            options.AppendExecutionProvider_CUDA(index);
        }

        return options;
    }

    private static string[] Providers() => Ask(static env => env.GetAvailableProviders());

    private static int? CudaIndex(InferenceDevice device) => device.Name.Split(':') switch
    {
        ["cpu"] => null,
        ["cuda", var index] when int.TryParse(index, out var number) => number,
        _ => throw new InferenceException($"unknown device {device.Name}: it is cpu or cuda:N"),
    };

    private static T Ask<T>(Func<OrtEnv, T> question)
    {
        try
        {
            return question(Running.Value);
        }
        catch (Exception cause) when (cause is DllNotFoundException or EntryPointNotFoundException
            or BadImageFormatException or TypeInitializationException or OnnxRuntimeException)
        {
            throw new InferenceException($"ONNX Runtime does not load: {cause.GetBaseException().Message}", cause);
        }
    }

    // What goes wrong is told by exceptions; its own log would repeat it on standard error.
    private static OrtEnv Start()
    {
        var options = new EnvironmentCreationOptions
        {
            logId = "mlcluster",
            logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        return OrtEnv.CreateInstanceWithOptions(ref options);
    }
}
