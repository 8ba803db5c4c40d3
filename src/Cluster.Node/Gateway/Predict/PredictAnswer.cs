using System.Buffers;
using System.IO.Pipelines;
using MlCluster.Messages.Inference;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Tensors;

namespace MlCluster.Node.Gateway.Predict;

/// <summary><c>inference_results</c>, written straight from the packed tensors (contract 5.2).</summary>
internal sealed class PredictAnswer(IReadOnlyList<Predicted> replies, TensorWriter writer)
    : JsonAnswer(static _ => throw new InvalidOperationException("written without a JSON writer"))
{
    // Above it the answer is sent while it is written.
    private const long BufferedBytes = 1 << 20;
    private const long FlushBytes = 64 * 1024;

    // Over every tensor of every document: counted once.
    private readonly long _estimate = replies.Sum(
        r => r.Documents.Sum(d => 16 + d.Tensors.Sum(writer.EstimateBytes)));

    /// <summary>About how many bytes it has.</summary>
    public int SizeHint => (int)Math.Min(_estimate + 64, int.MaxValue / 2);

    /// <summary>Writes all of it.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        Begin(output);
        var first = true;
        foreach (var document in replies.SelectMany(r => r.Documents))
        {
            WriteDocument(document, first, output);
            first = false;
        }

        End(output);
    }

    /// <inheritdoc />
    public override async ValueTask SendAsync(HttpContext http, CommonParameters common)
    {
        if (_estimate > BufferedBytes && !common.Pretty && common.Filter is null)
        {
            await StreamAsync(http);
            return;
        }

        using var body = new PooledBuffer(SizeHint);
        WriteTo(body);
        await SendShapedAsync(http, common, body.Written);
    }

    private async ValueTask StreamAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        http.Response.ContentType = ContentType;
        var pipe = http.Response.BodyWriter;
        Begin(pipe);
        var first = true;
        foreach (var document in replies.SelectMany(r => r.Documents))
        {
            WriteDocument(document, first, pipe);
            first = false;
            await FlushAsync(pipe, FlushBytes, http.RequestAborted);
        }

        End(pipe);
        await FlushAsync(pipe, 0, http.RequestAborted);
    }

    private static async ValueTask FlushAsync(PipeWriter pipe, long above, CancellationToken cancelled)
    {
        if (pipe.UnflushedBytes > above)
        {
            await pipe.FlushAsync(cancelled);
        }
    }

    private void WriteDocument(DocumentTensors document, bool first, IBufferWriter<byte> output)
    {
        if (!first)
        {
            output.Write(","u8);
        }

        writer.WriteDocument(document, output);
    }

    private static void Begin(IBufferWriter<byte> output) => output.Write("{\"inference_results\":["u8);

    private static void End(IBufferWriter<byte> output) => output.Write("]}"u8);
}
