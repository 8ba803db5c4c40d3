using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.DependencyInjection;
using MlCluster.Node.Tests.Gateway.Support;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace MlCluster.Node.Tests.Routing;

/// <summary>What a node logs of one that ends and comes back, with Akka's own lines: a fault is logged once.</summary>
public sealed class LostPeerLogTests
{
    private const int Attempts = 3;

    [Fact]
    public async Task Log_PeerEndsAndComesBack_IsOneLineEach()
    {
        using var log = new RecordedLog(LogLevel.Information);
        using var first = RoutingHost.Build("first", seed: null, log: log);
        await first.StartAsync();
        var failures = new Failures();
        var system = first.Services.GetRequiredService<ActorSystem>();
        system.EventStream.Subscribe(system.ActorOf(Props.Create(() => new Listener(failures))), typeof(LogEvent));
        var port = RoutingHost.FreePort();
        using (var second = RoutingHost.Build("second", RoutingHost.AddressOf(first), port))
        {
            await second.StartAsync();
            await RoutingHost.SeesAsync(first, "both nodes", view => view.Nodes.Count == 2);
            await second.Services.GetRequiredService<ActorSystem>().Terminate();
        }

        await RoutingHost.UntilAsync("attempts to reach it", () => failures.Count >= Attempts);
        using var next = RoutingHost.Build("second", RoutingHost.AddressOf(first), port);
        await next.StartAsync();
        await RoutingHost.UntilAsync("the line on its return", () => Lines(log, "can be reached again").Any());

        Assert.Single(Lines(log, $"127.0.0.1:{port} cannot be reached: "));
        Assert.Single(Lines(log, $"127.0.0.1:{port} can be reached again"));
        Assert.Empty(Lines(log, "AssociationError"));
        Assert.Empty(Lines(log, "gated"));
        await next.StopAsync();
        await first.StopAsync();
    }

    private static IEnumerable<string> Lines(RecordedLog log, string text) =>
        log.Lines.Where(line => line.Contains(text, StringComparison.Ordinal));

    private sealed class Failures
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Note() => Interlocked.Increment(ref _count);
    }

    /// <summary>Counts what Akka says of attempts that fail.</summary>
    private sealed class Listener : ReceiveActor
    {
        public Listener(Failures failures) => Receive<LogEvent>(entry =>
        {
            if ($"{entry.Message}".StartsWith("AssociationError", StringComparison.Ordinal))
            {
                failures.Note();
            }
        });
    }
}
