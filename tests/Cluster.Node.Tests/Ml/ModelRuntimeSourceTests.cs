using MlCluster.Node.Ml;

namespace MlCluster.Node.Tests.Ml;

public sealed class ModelRuntimeSourceTests
{
    [Fact]
    public void Problem_NotAskedFor_IsStarting() =>
        Assert.Equal("it is starting", new ModelRuntimeSource(() => null!).Problem);

    [Fact]
    public async Task Problem_EngineThere_IsNone()
    {
        var source = new ModelRuntimeSource(() => null!);
        await source.GetAsync();

        Assert.Null(source.Problem);
    }

    [Fact]
    public async Task Problem_EngineCannotStart_IsItsReason()
    {
        var source = new ModelRuntimeSource(() => throw new DllNotFoundException("no libtorch"));
        await Assert.ThrowsAsync<DllNotFoundException>(() => source.GetAsync());

        Assert.Equal("no libtorch", source.Problem);
    }
}
