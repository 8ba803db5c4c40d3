using System.IO.Compression;
using CsCheck;

namespace MlCluster.Node.Tests.Gateway.Support;

/// <summary>A good request with something wrong in its path, its parameters, its body or what is said of the
/// body.</summary>
internal sealed record OddRequest(string Method, string Target, byte[]? Body, string? ContentType, string? Encoding)
{
    // %00 is not among them: Kestrel itself answers it, without a body.
    private static readonly string[] Words =
    [
        "a", "0", "-1", "99999999999", "true", "_all", "*", "a,b", ",", "%2F", "%ff", "%", "%ud800", "a%20b",
        "%F0%9F%98%80", "..", new string('x', 600), "json", "yaml", "text", "green", ">=1", "-*", "**.a,**.b", "{}",
    ];

    private static readonly string?[] Types =
        ["application/json", "application/json; charset=utf-8", "application/yaml", "text/plain", "x", null];

    private static readonly string?[] Encodings = [null, null, null, "gzip", "deflate", "br"];

    /// <summary>Requests like the ones that the API's document shows for an operation.</summary>
    public static Gen<OddRequest> Like(ApiOperation operation) =>
        from target in Targets(operation)
        from body in Bodies(operation)
        from type in Gen.Int[0, 3 * Types.Length].Select(i => i < Types.Length ? Types[i] : Types[0])
        from encoding in Gen.Int[0, Encodings.Length - 1].Select(i => Encodings[i])
        from isPacked in Gen.Bool
        select new OddRequest(operation.Method, target, isPacked ? Packed(body, encoding) : body, type, encoding);

    public HttpRequestMessage ToMessage()
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), Target);
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body);
            if (ContentType is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
            }

            if (Encoding is not null)
            {
                request.Content.Headers.ContentEncoding.Add(Encoding);
            }
        }

        return request;
    }

    public override string ToString() =>
        $"{Method} {Target} {ContentType} {Encoding} {System.Text.Encoding.Latin1.GetString(Body ?? [])}";

    private static Gen<string> Targets(ApiOperation operation)
    {
        var names = operation.QueryParameters.Select(p => (string)p["name"]!)
            .Concat(["pretty", "human", "error_trace", "filter_path", "format", "zz"]).ToArray();
        return
            from segments in Word.Array[0, 3]
            from isOdd in Gen.Bool
            from pairs in Gen.Select(Gen.Int[0, names.Length - 1].Select(i => names[i]), Word).Array[0, 3]
            select (isOdd ? WithSegments(operation, segments) : operation.ExamplePath)
                + "?" + string.Join('&', pairs.Select(p => $"{p.Item1}={p.Item2}")) + ShortWait(operation);
    }

    // A client may wait for health as long as it likes.
    private static string ShortWait(ApiOperation operation) =>
        operation.Path == "/_cluster/health" ? "&timeout=0ms" : "";

    private static Gen<string> Word => Gen.Int[0, Words.Length - 1].Select(i => Words[i]);

    // Each placeholder of the path takes a word, as far as there are words.
    private static string WithSegments(ApiOperation operation, string[] words)
    {
        var next = 0;
        var template = operation.Path.Split('/');
        return string.Join('/', operation.ExamplePath.Split('/').Select((segment, i) =>
            template[i].StartsWith('{') && next < words.Length ? words[next++] : segment));
    }

    private static Gen<byte[]?> Bodies(ApiOperation operation)
    {
        string[] shown = [.. operation.ExampleBodies.Select(b => b ?? "{}")];
        var good = Gen.Int[0, shown.Length - 1].Select(i => (byte[]?)System.Text.Encoding.UTF8.GetBytes(shown[i]));
        var without = operation.Request is null ? 8 : 1;
        return from kind in Gen.Int[0, 9]
               from isOdd in Gen.Int[0, 3]
               from body in good
               from odd in OddJson.Of(shown)
               select kind < without || operation.Method == "HEAD" ? null : isOdd == 0 ? body : odd;
    }

    private static byte[]? Packed(byte[]? body, string? encoding)
    {
        if (body is null || encoding != "gzip")
        {
            return body;
        }

        using var bytes = new MemoryStream();
        using (var packer = new GZipStream(bytes, CompressionMode.Compress))
        {
            packer.Write(body);
        }

        return bytes.ToArray();
    }
}
