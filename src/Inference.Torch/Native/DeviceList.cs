using TorchSharp;

namespace MlCluster.Inference.Native;

/// <summary>Finds the devices of this machine.</summary>
internal static class DeviceList
{
    /// <summary>GPUs first, the processor last; never empty.</summary>
    public static IReadOnlyList<InferenceDevice> Find()
    {
        var devices = new List<InferenceDevice>();
        if (torch.cuda.is_available())
        {
            devices.AddRange(Enumerable.Range(0, torch.cuda.device_count()).Select(Gpu));
        }

        devices.Add(Processor());
        return devices;
    }

    /// <summary>libtorch's form of a device of this list.</summary>
    /// <exception cref="InferenceException">A name that is neither <c>cpu</c> nor <c>cuda:N</c>.</exception>
    public static torch.Device Parse(InferenceDevice device) => device.Name.Split(':') switch
    {
        ["cpu"] => torch.CPU,
        ["cuda", var index] when int.TryParse(index, out var number) => new torch.Device(DeviceType.CUDA, number),
        _ => throw new InferenceException($"unknown device {device.Name}: it is cpu or cuda:N"),
    };

    private static InferenceDevice Gpu(int index)
    {
        var known = CudaDriver.Describe(index);
        return new InferenceDevice($"cuda:{index}", known?.Name ?? "CUDA device", known?.MemoryBytes);
    }

    private static InferenceDevice Processor()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new InferenceDevice("cpu", ProcessorName() ?? "CPU", memory > 0 ? memory : null);
    }

    private static string? ProcessorName()
    {
        const string File = "/proc/cpuinfo";
        var line = System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File)
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
