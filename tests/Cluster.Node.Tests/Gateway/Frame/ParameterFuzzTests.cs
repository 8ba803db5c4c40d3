using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.AspNetCore.Http;
using MlCluster.Messages;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Gateway.Frame;

/// <summary>Whatever a request line says, it is read or the client is told what it did wrong.</summary>
public sealed class ParameterFuzzTests
{
    private const string Json =
        """{"took":3,"hits":{"total":{"value":1},"hits":[{"_id":"1","x.y":2},{"tags":[1,[2,{"a":{}}]]}]},"empty":{}}""";

    private const int MaxBytes = 2_000;

    private static readonly CatColumn<int>[] Columns =
    [
        new("id", ["i"], "its number", row => row.ToString("x8", CultureInfo.InvariantCulture)),
        new("load_1m", ["l"], "its load", row => row % 3 == 0 ? "-" : $"{row}.5") { IsNumber = true },
    ];

    [Fact]
    public void FilterPath_AnyText_LeavesJsonThatTheSameFilterLeavesAlone() =>
        Texts("took", "hits", "tags", "a", "x", "**", "*", ".", "\\", ",", "-", " ", "\0").Sample(text =>
        {
            var once = Shape(Json, text);

            Assert.Equal(once, Shape(once, text));
        });

    [Fact]
    public void QueryParameters_AnyText_AreReadAndKeepTheirLastValue() =>
        Texts("a", "pretty", "=", "&", "+", "%", "%41", "%ff", "%zz", "é", "?", "#").Sample(text =>
        {
            var query = QueryParameters.Parse($"{text}&last=1&last=2");

            Assert.Equal("2", query.Get("last"));
            Assert.Equal(query.Count, query.Names.Distinct(StringComparer.Ordinal).Count());
        });

    [Fact]
    public void CommonParameters_AnyText_AreReadOrRefused() =>
        Texts("pretty", "human", "error_trace", "filter_path", "format", "=", "&", "true", "json", "yaml", "a.*")
            .Sample(text => AssertReadOrRefused(
                () => Assert.NotNull(CommonParameters.Read(QueryParameters.Parse(text), textAllowed: true)), 400, 406));

    [Fact]
    public void RequestTarget_AnyText_IsTakenApart() => Texts("/", "a", "%2F", "%", "?", "=", "..", "é").Sample(text =>
    {
        var target = RequestTarget.Of("/" + text);

        Assert.Equal("/" + text, target.Query.Length > 0 ? $"{target.Path}?{target.Query}" : target.Uri);
    });

    [Fact]
    public void HealthWish_AnyText_WaitsForAtMostAnHour() =>
        Texts("wait_for_status", "wait_for_nodes", "timeout", "=", "&", "green", ">=", "<", "ge(", ")", "9",
            "99999999999", "s", "d", "ms").Sample(text => AssertReadOrRefused(() =>
            {
                var wish = HealthWish.Read(QueryParameters.Parse(text));
                Assert.InRange(wish.Timeout, TimeSpan.Zero, TimeSpan.FromHours(1));
                _ = wish.EnoughNodes(3);
            }));

    [Fact]
    public void CatOrder_AnyKeys_KeepsEveryRow() => Gen.Select(
        Texts("id", "i", "load_1m", "l", "*", ":desc", ":asc", ":", ",", " "), Gen.Int[0, 9].Array[0, 9]).Sample(
            (keys, rows) => AssertReadOrRefused(() => Assert.Equal(
                rows.Order(), CatOrder<int>.Sort(CatOrder<int>.Parse(Columns, keys), rows).Order())));

    [Fact]
    public void CatTable_AnyColumns_AreThoseThereAre() => Texts("id", "load", "*", ",", "_").Sample(
        wanted => Assert.All(
            CatTable.Select(Columns, wanted), column => Assert.Contains(column.Value, Columns.Select(c => c.Value))));

    [Fact]
    public void NodesWish_AnySegments_AreRead() =>
        Gen.Select(Texts("http", "_all", "os", ",", "n"), Texts("http", ",", "x")).Sample((nodes, sections) =>
            Assert.All(
                [NodesWish.Of(nodes), NodesWish.Of(nodes, sections)], wish => Assert.DoesNotContain("", wish.Words)));

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Body_AnyCompressedBytes_AreInflatedWithinTheLimitOrRefused(string encoding)
    {
        var good = Compressed(encoding, Json);
        var bomb = Compressed(encoding, new string(' ', 100 * MaxBytes));

        Assert.Equal(Json, await ReadAsync(encoding, good));
        var either = Gen.Bool.Select(isGood => isGood ? good : bomb);
        await Gen.Select(either, Gen.Double[0, 1], Gen.Byte, Gen.Bool).SampleAsync(
            async (bytes, place, value, cut) =>
            {
                var at = (int)(place * (bytes.Length - 1));
                byte[] damaged = cut ? bytes[..at] : [.. bytes[..at], value, .. bytes[(at + 1)..]];
                try
                {
                    Assert.InRange((await ReadAsync(encoding, damaged)).Length, 0, MaxBytes);
                }
                catch (ApiException e)
                {
                    Assert.True(e.Error.Status is 400 or 413, e.Error.Reason);
                }
            },
            iter: 2_000);
    }

    private static async Task<string> ReadAsync(string encoding, byte[] bytes)
    {
        var http = new DefaultHttpContext { Request = { Body = new MemoryStream(bytes) } };
        http.Request.Headers.ContentEncoding = encoding;
        using var metrics = new NodeMetrics(new NodeId("node-1"));
        using var lease = new BodyMemory(long.MaxValue, metrics.Bodies).Lease();
        using var body = await BodyIntake.ReadAsync(http.Request, MaxBytes, lease, CancellationToken.None);
        return Encoding.Latin1.GetString(body.Written.Span);
    }

    private static byte[] Compressed(string encoding, string text)
    {
        using var bytes = new MemoryStream();
        using (Stream packer = encoding == "gzip"
            ? new GZipStream(bytes, CompressionMode.Compress)
            : new ZLibStream(bytes, CompressionMode.Compress))
        {
            packer.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private static string Shape(string json, string filter)
    {
        using var output = new PooledBuffer(16);
        JsonShape.Write(Encoding.UTF8.GetBytes(json), FilterPath.Parse(filter), false, output);
        using var shaped = JsonDocument.Parse(output.Written);
        return shaped.RootElement.GetRawText();
    }

    private static Gen<string> Texts(params string[] pieces) =>
        Gen.Int[0, pieces.Length - 1].Array[0, 12].Select(all => string.Concat(all.Select(i => pieces[i])));

    private static void AssertReadOrRefused(Action read, params int[] statuses)
    {
        try
        {
            read();
        }
        catch (ApiException e)
        {
            Assert.Contains(e.Error.Status, statuses is [] ? [400] : statuses);
        }
    }
}
