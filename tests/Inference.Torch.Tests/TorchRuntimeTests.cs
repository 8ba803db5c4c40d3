namespace MlCluster.Inference.Tests;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void Start_FromManyThreads_GivesOneRuntime()
    {
        var runtimes = new TorchRuntime[8];

        Parallel.For(0, runtimes.Length, i => runtimes[i] = TorchRuntime.Start());

        Assert.All(runtimes, runtime => Assert.Same(runtimes[0], runtime));
    }

    [Fact]
    public void Start_Running_NamesVersionAndDevices()
    {
        var runtime = TorchRuntime.Start();

        Assert.StartsWith("2.", runtime.Version, StringComparison.Ordinal);
        Assert.Equal("cpu", runtime.Devices[^1].Name);
        Assert.True(runtime.Devices[^1].MemoryBytes > 0);
        Assert.All(runtime.Devices, device => Assert.NotEmpty(device.Description));
    }

    [Fact]
    public void Start_OtherOptionsWhileRunning_Throws()
    {
        TorchRuntime.Start();

        Assert.Throws<InvalidOperationException>(
            () => TorchRuntime.Start(new TorchRuntimeOptions(NativeCache: "/somewhere/else")));
    }

    [Fact]
    public void PrepareWorkerThread_NewThread_HasOneIntraOpThread()
    {
        TorchRuntime.Start();
        var threads = 0;
        var worker = new Thread(() =>
        {
            TorchRuntime.PrepareWorkerThread();
            threads = TorchSharp.torch.get_num_threads();
        });

        worker.Start();
        worker.Join();

        Assert.Equal(1, threads);
    }
}
