using System.Net.Sockets;
using System.Text;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>A body that stands still.</summary>
public sealed class SlowBodyHttpTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly GatewayHost _host = new()
    {
        Hocon = "mlcluster.gateway.slow-body { bytes-per-second = 100 B\n grace = 1100ms }",
    };

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Body_StandsStill_IsToldLimitAndCure()
    {
        using var client = new TcpClient();
        var address = _host.Http.BaseAddress!;
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /_plugins/_ml/models/_upload HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: 1000\r\n\r\n{"));

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(Deadline);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("less than 100 bytes a second for 1.1 s; send it faster", answer, StringComparison.Ordinal);
    }
}
