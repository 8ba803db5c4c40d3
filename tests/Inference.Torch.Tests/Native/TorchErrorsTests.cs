using MlCluster.Inference.Native;

namespace MlCluster.Inference.Tests.Native;

public sealed class TorchErrorsTests
{
    [Fact]
    public void Summarize_InterpretedCode_KeepsTheRootMessage()
    {
        const string Raw =
            "The following operation failed in the TorchScript interpreter.\n"
            + "Traceback of TorchScript, serialized code (most recent call last):\n"
            + "  File \"code/__torch__.py\", line 9, in forward\n    raise()\n    ~~ <--- HERE\n\n"
            + "RuntimeError: index out of range in self\n";

        Assert.Equal("index out of range in self", TorchErrors.Summarize(Raw));
    }

    [Fact]
    public void Summarize_CppError_DropsTheBacktrace() => Assert.Equal(
        "Expected a tensor",
        TorchErrors.Summarize(
            "Expected a tensor\nException raised from f at a.cpp:1 (most recent call first):\nframe #0: x"));

    [Fact]
    public void Summarize_SeveralLines_BecomeOne() =>
        Assert.Equal("one two three", TorchErrors.Summarize("one\n  two\n\n three\n"));

    [Fact]
    public void Summarize_LongText_IsCut() => Assert.True(TorchErrors.Summarize(new string('x', 10_000)).Length <= 501);
}
