using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>What an endpoint answers.</summary>
internal abstract class ApiAnswer(int status)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Sends status, headers and body.</summary>
    public abstract ValueTask SendAsync(HttpContext http, CommonParameters common);

    /// <summary>Adds headers beside content type and length.</summary>
    protected virtual void SetHeaders(IHeaderDictionary headers)
    {
    }

    /// <summary>Sends a body that is whole.</summary>
    protected async ValueTask SendAsync(HttpContext http, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = http.Response;
        response.StatusCode = Status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        SetHeaders(response.Headers);
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body, http.RequestAborted);
        }
    }
}

/// <summary>A JSON document of moderate size.</summary>
internal class JsonAnswer(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK) : ApiAnswer(status)
{
    public const string ContentType = "application/json; charset=UTF-8";

    /// <summary>JSON is never embedded in HTML here, so only what JSON itself demands is escaped.</summary>
    internal static readonly JsonWriterOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <inheritdoc />
    public override async ValueTask SendAsync(HttpContext http, CommonParameters common)
    {
        using var body = new PooledBuffer(1024);
        using (var json = new Utf8JsonWriter(body, Compact))
        {
            write(json);
        }

        await SendShapedAsync(http, common, body.Written);
    }

    /// <summary>Sends a document as the common parameters want it: filtered, indented, or as it is.</summary>
    protected async ValueTask SendShapedAsync(HttpContext http, CommonParameters common, ReadOnlyMemory<byte> json)
    {
        // Errors are told whole: a filter would hide them.
        var filter = Status < 400 ? common.Filter : null;
        if (!common.Pretty && filter is null)
        {
            await SendAsync(http, ContentType, json);
            return;
        }

        using var shaped = new PooledBuffer(json.Length * 2);
        JsonShape.Write(json, filter, common.Pretty, shaped);
        await SendAsync(http, ContentType, shaped.Written);
    }
}

/// <summary>Plain text, as <c>_cat</c> answers it.</summary>
internal sealed class TextAnswer(string text) : ApiAnswer(StatusCodes.Status200OK)
{
    /// <inheritdoc />
    public override ValueTask SendAsync(HttpContext http, CommonParameters common) =>
        SendAsync(http, "text/plain; charset=UTF-8", Encoding.UTF8.GetBytes(text));
}

/// <summary>No body; OPTIONS says which methods there are.</summary>
internal sealed class OptionsAnswer(IReadOnlyList<string> allow) : ApiAnswer(StatusCodes.Status200OK)
{
    /// <inheritdoc />
    public override ValueTask SendAsync(HttpContext http, CommonParameters common) =>
        SendAsync(http, "text/plain; charset=UTF-8", ReadOnlyMemory<byte>.Empty);

    /// <inheritdoc />
    protected override void SetHeaders(IHeaderDictionary headers) => headers.Allow = string.Join(',', allow);
}
