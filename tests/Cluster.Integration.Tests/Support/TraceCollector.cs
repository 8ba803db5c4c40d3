using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MlCluster.Integration.Tests.Support;

/// <summary>A collector of OTLP over HTTP that keeps the spans it gets.</summary>
public sealed class TraceCollector : IAsyncDisposable
{
    private const int Port = 4318;
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<CollectedSpan> _spans = new();

    private TraceCollector(WebApplication app, string host) => (_app, Address) = (app, $"http://{host}:{Port}");

    /// <summary>Where nodes send to.</summary>
    public string Address { get; }

    /// <summary>Spans of a trace, in the order in which they came.</summary>
    public IReadOnlyList<CollectedSpan> Of(string traceId) => [.. _spans.Where(s => s.TraceId == traceId)];

    /// <summary>Starts one on an address of its own.</summary>
    public static async Task<TraceCollector> StartAsync()
    {
        var host = NodeProcess.NewAddress();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(host), Port));
        var app = builder.Build();
        var collector = new TraceCollector(app, host);
        app.MapPost("/v1/traces", collector.TakeAsync);
        app.MapPost("/v1/metrics", static () => { });
        await app.StartAsync();
        return collector;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);

        // opentelemetry.proto.collector.trace.v1: request → resource_spans → resource, scope_spans → spans.
        foreach (var ofResource in Parts(body.ToArray(), 1))
        {
            var node = System.Text.Encoding.UTF8.GetString([.. Parts(ofResource, 1).SelectMany(r => r)]);
            foreach (var span in Parts(ofResource, 2).SelectMany(scope => Parts(scope, 2)))
            {
                _spans.Enqueue(new CollectedSpan(
                    Hex(span, 1), Hex(span, 2), Hex(span, 4),
                    System.Text.Encoding.UTF8.GetString(Parts(span, 5).Single()), node));
            }
        }
    }

    private static string Hex(byte[] message, int field) =>
        Convert.ToHexStringLower(Parts(message, field).SingleOrDefault() ?? []);

    /// <summary>Values of a field with a length: texts, bytes, messages.</summary>
    private static List<byte[]> Parts(byte[] message, int field)
    {
        List<byte[]> parts = [];
        var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field
                && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                parts.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return parts;
    }
}

/// <summary>A span that a node sent.</summary>
/// <param name="TraceId">Lower-case hex, as are both spans' ids.</param>
/// <param name="ParentId">Empty: none.</param>
/// <param name="Resource">What the node says of itself; holds its id.</param>
public sealed record CollectedSpan(string TraceId, string SpanId, string ParentId, string Name, string Resource);
