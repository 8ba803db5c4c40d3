using DotNetty.Codecs;
using DotNetty.Handlers.Tls;
using MlCluster.Node.Hosting.Tls;

namespace MlCluster.Node.Tests.Hosting.Tls;

/// <summary>One refused connection is one line.</summary>
public sealed class TransportLogTests
{
    private const string Caught = "Error caught channel [10.0.0.1:4053->10.0.0.2:5]((Id=a1))";
    private const string Handshake =
        "TLS handshake failed on channel [10.0.0.1:4053->10.0.0.2:5](Id=a1)\npage after page";

    [Fact]
    public void LineOf_CallerWithoutTls_IsOneLineWithTheCure()
    {
        var cause = new NotSslRecordException("not an SSL/TLS record: 3000");

        Assert.Contains(
            "refused: the caller speaks no TLS; give that node --tls-cert",
            TransportLog.LineOf("Error caught channel [a:1->b:2](Id=x)", cause),
            StringComparison.Ordinal);
        Assert.Null(TransportLog.LineOf(Handshake, cause));
        Assert.Null(TransportLog.LineOf("Rejected incoming connection from [b:2] due to TLS", null));
    }

    [Fact]
    public void LineOf_HandshakeThatOurCheckRefused_IsToldElsewhere() => Assert.Null(TransportLog.LineOf(
        Handshake,
        new AggregateException(new InvalidOperationException("by the provided RemoteCertificateValidationCallback."))));

    [Theory]
    [InlineData("Adjusted frame length exceeds 8388608: 16843546 - discarded", true)]
    [InlineData("Adjusted frame length exceeds 8388608: 16843547 - discarded", false)]
    public void LineOf_FrameThatIsTooLong_TellsACallerWithTls(string message, bool isTls) => Assert.Equal(
        isTls,
        TransportLog.LineOf(Caught, new TooLongFrameException(message))!
            .Contains("the caller speaks TLS and this node does not", StringComparison.Ordinal));

    [Fact]
    public void LineOf_OtherFailure_NamesItsInnermostCause()
    {
        var cause = new AggregateException(new IOException("outer", new IOException("Channel is closed")));

        Assert.Equal(
            "TLS: connection [10.0.0.1:4053->10.0.0.2:5] failed: Channel is closed",
            TransportLog.LineOf(Handshake, cause));
        Assert.Equal($"{Caught}: Channel is closed", TransportLog.LineOf(Caught, cause));
    }
}
