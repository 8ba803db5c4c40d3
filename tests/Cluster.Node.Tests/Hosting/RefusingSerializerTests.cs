using System.Text;
using Akka.Configuration;
using Akka.TestKit.Xunit2;

namespace MlCluster.Node.Tests.Hosting;

public sealed class RefusingSerializerTests : TestKit
{
    private static readonly Config Strict = ConfigurationFactory.ParseString(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", "akka.hocon")));

    public RefusingSerializerTests()
        : base(Strict.WithFallback("akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }"))
    {
    }

    [Fact]
    public void Deserialize_IdOneNamingAType_IsRefused()
    {
        var payload = Encoding.UTF8.GetBytes("""{"$type":"System.IO.FileInfo, System.Private.CoreLib"}""");

        var e = Assert.ThrowsAny<Exception>(
            () => Sys.Serialization.Deserialize(payload, 1, typeof(object)));

        Assert.Contains("refused", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FindSerializerFor_UnregisteredType_IsRefused() =>
        Assert.ThrowsAny<Exception>(() => Sys.Serialization.FindSerializerFor(new Unregistered()));

    private sealed record Unregistered;
}
