using System.Net;
using Microsoft.Extensions.Time.Testing;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>A gateway between the signal to stop and the end of its listening.</summary>
public sealed class StoppingHttpTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Request_WhileTheGatewayStops_IsSentElsewhereAndItsConnectionCloses()
    {
        var time = new FakeTimeProvider();
        var host = new GatewayHost { Time = time };
        await host.InitializeAsync();
        using (var before = await host.Http.GetAsync(new Uri("/", UriKind.Relative)))
        {
            Assert.NotEqual(HttpStatusCode.ServiceUnavailable, before.StatusCode);
        }

        var stopping = host.StopAsync();
        using var answer = await host.Http.GetAsync(new Uri("/", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.True(answer.Headers.ConnectionClose);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains(
            "this gateway is stopping", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await stopping.WaitAsync(Deadline);
        await host.DisposeAsync();
    }
}
