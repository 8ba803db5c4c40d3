using MlCluster.Inference.Onnx;

namespace MlCluster.Inference.Tests.Onnx;

public sealed class OnnxPlacementTests
{
    private static readonly InferenceDevice Cpu = new("cpu", "test", MemoryBytes: null);
    private static readonly InferenceDevice Gpu = new("cuda:0", "test", MemoryBytes: null);

    [Fact]
    public void DeviceFor_GpuThatOnnxRuntimeCannotUse_IsTheProcessor()
    {
        var tries = 0;
        var placement = new OnnxPlacement([Gpu, Cpu], device => $"libcudnn.so.9 is missing, try {++tries}");

        Assert.Equal(Cpu, placement.DeviceFor(Gpu));
        Assert.Equal(Cpu, placement.DeviceFor(Cpu));
        Assert.Equal(
            "ONNX models run on the processor, not on cuda:0: libcudnn.so.9 is missing, try 1", placement.Problem);
    }

    [Fact]
    public void DeviceFor_GpuThatItCanUse_IsTheOneThatIsWanted()
    {
        var placement = new OnnxPlacement([Gpu, Cpu], _ => null);

        Assert.Equal((Gpu, Cpu), (placement.DeviceFor(Gpu), placement.DeviceFor(Cpu)));
        Assert.Null(placement.Problem);
    }

    [Fact]
    public void Problem_NoGpu_IsNoneAndNothingIsTried() => Assert.Null(
        new OnnxPlacement([Cpu], _ => throw new InvalidOperationException("there is nothing to try")).Problem);

    [Fact]
    public void Probe_Processor_RunsTheSmallestModel() => Assert.Null(OnnxEnvironment.Problem(Cpu));

    /// <summary>The tests' build has no CUDA, and no machine has the GPU number 4,096.</summary>
    [Fact]
    public void Probe_GpuThatCannotBeUsed_SaysWhyInOneLine()
    {
        var problem = OnnxEnvironment.Problem(Gpu with { Name = "cuda:4096" });

        Assert.NotNull(problem);
        Assert.DoesNotContain('\n', problem);
    }
}
