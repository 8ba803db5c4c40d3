using System.Buffers;
using System.Globalization;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Streams the bytes of chunks to their writers (contract 3.3).</summary>
internal sealed class ChunkEndpoints(
    IClusterClient client, GatewayOptions options, BodyMemory bodies, NodeContext context, SettingsGate gate)
    : IEndpointSource
{
    // The writer forgets a chunk of which nothing comes for a while (mlcluster.data.uploads.segment-timeout): of a slow
    // client it hears more often, in smaller pieces.
    private static readonly TimeSpan LongestFill = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        Upload("/_plugins/_ml/models/{model_id}/chunk/{chunk_number}", "chunkModel", Dialect.Legacy),
        Upload("/_plugins/_ml/models/{model_id}/upload_chunk/{chunk_number}", "uploadChunk", Dialect.Current),
    ];

    private ApiEndpoint Upload(string path, string id, Dialect dialect) => new("POST", path, UploadAsync)
    {
        Body = BodyRule.Raw,
        Description = new(id, "Models", "Upload one chunk of a model's archive")
        {
            Generation = dialect,
            Details = "The chunk is kept safe when the answer comes; it may be sent again. Chunks may come in any order. "
                + "When the last one is there, the whole archive is checked.",
            Request = "Chunk",
            Answer = "ChunkUploaded",
            Errors = [404, 429],
        },
    };

    private async ValueTask<ApiAnswer> UploadAsync(ApiCall call)
    {
        gate.CheckChunk();
        var number = ChunkNumber(call.Segment("{chunk_number}"));
        var request = call.Http.Request;
        RefuseLength(request.ContentLength);
        using var lease = bodies.Lease();
        // Both buffers, however long the chunk.
        lease.Cover(2L * options.ChunkSegmentBytes);
        var model = call.Model();
        var upload = new ChunkUpload(model, number, await FindWriterAsync(model, number, call.Cancelled));
        await using var body = BodyIntake.Open(request);
        await StreamAsync(upload, body, call);
        return new JsonAnswer(static json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "Uploaded");
            json.WriteEndObject();
        });
    }

    /// <summary>Sends the body on, in two buffers whatever its length.</summary>
    /// <remarks>
    /// The writer has copied a segment when it answers, so its buffer is free then. After a fault, or when another
    /// writer took its place, it may still read one: such buffers are never used again.
    /// </remarks>
    private async Task StreamAsync(ChunkUpload upload, Stream body, ApiCall call)
    {
        var (current, ahead) = (RentSegment(), RentSegment());
        await StreamAsync(upload, body, call, (current, ahead));
        if (!upload.HasMoved)
        {
            ArrayPool<byte>.Shared.Return(current);
            ArrayPool<byte>.Shared.Return(ahead);
        }
    }

    // One segment is read ahead: only the end of the body tells which one is the last.
    private async Task StreamAsync(
        ChunkUpload upload, Stream body, ApiCall call, (byte[] Current, byte[] Ahead) buffers)
    {
        var segment = await ReadSegmentAsync(body, buffers.Current, call.Cancelled);
        if (segment.IsEmpty)
        {
            throw ApiError.IllegalArgument("Chunk size either 0 or null").ToException();
        }

        MediaTypes.Check(call.Http.Request.ContentType, BodyRule.Raw);
        for (var offset = 0; !segment.IsEmpty;)
        {
            RefuseLength(offset + segment.Length);
            var next = await ReadSegmentAsync(body, buffers.Ahead, call.Cancelled);
            RefuseLength(offset + segment.Length + next.Length);
            await SendAsync(upload, offset, next.IsEmpty, segment, call.Cancelled);
            offset += segment.Length;
            segment = next;
            buffers = (buffers.Ahead, upload.HasMoved ? RentSegment() : buffers.Current);
        }
    }

    private async Task SendAsync(
        ChunkUpload upload, int offset, bool last, ReadOnlyMemory<byte> data, CancellationToken cancelled)
    {
        var message = new ChunkSegment(upload.Model, upload.Id, upload.Number, offset, last, data);
        var reply = await AskWriterAsync(upload, message, cancelled);
        if (last)
        {
            reply.Expect<ChunkAccepted>();
        }
        else
        {
            reply.Expect<ChunkSegmentAcknowledged>();
        }
    }

    /// <summary>Sends a segment again and again: a writer answers a repeat like the first time.</summary>
    private async Task<IModelReply> AskWriterAsync(
        ChunkUpload upload, ChunkSegment segment, CancellationToken cancelled)
    {
        var started = context.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await client.AskPathAsync<IModelReply>(
                    upload.WriterPath, segment, options.ChunkAttemptTimeout, cancelled);
            }
            catch (ClusterUnavailableException) when (context.Time.GetElapsedTime(started) < options.ChunkBudget)
            {
                // The segment or its answer was lost, the journal is slow, or the model has moved with its writer.
                var path = await FindWriterAsync(upload.Model, upload.Number, cancelled);
                if (path != upload.WriterPath)
                {
                    upload.Move(segment.OffsetBytes == 0 ? path : throw Interrupted());
                }
            }
        }
    }

    private async Task<string> FindWriterAsync(ModelId model, int number, CancellationToken cancelled)
    {
        var prepared = await client.AskModelAsync<IModelReply>(new PrepareChunk(model, number), cancelled);
        return prepared.Expect<ChunkWriterReady>().WriterPath;
    }

    // The new writer does not have what came before, and neither does this gateway any more.
    private static ApiException Interrupted() => ErrorMapping.Of(new ProtocolError(
        ErrorCode.Unavailable,
        "the model moved to another node while the chunk was on its way: send the chunk again")).ToException();

    private byte[] RentSegment() => ArrayPool<byte>.Shared.Rent(options.ChunkSegmentBytes);

    private async ValueTask<ReadOnlyMemory<byte>> ReadSegmentAsync(
        Stream body, byte[] buffer, CancellationToken cancelled)
    {
        var memory = buffer.AsMemory(0, options.ChunkSegmentBytes);
        var count = 0;
        var started = context.Time.GetTimestamp();
        while (count < memory.Length
            && (count == 0 || context.Time.GetElapsedTime(started) < LongestFill)
            && await BodyIntake.ReadSomeAsync(body, memory[count..], cancelled) is > 0 and var read)
        {
            count += read;
        }

        return memory[..count];
    }

    private void RefuseLength(long? length)
    {
        if (length > options.MaxChunkBytes)
        {
            throw BodyIntake.TooLarge($"Chunk size exceeds 10MB: a chunk holds at most {options.MaxChunkBytes} bytes");
        }
    }

    private static int ChunkNumber(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw ApiError.NumberFormat(text).ToException();

    private sealed class ChunkUpload(ModelId model, int number, string writerPath)
    {
        public ModelId Model => model;

        public int Number => number;

        public CommandId Id { get; } = new(NewIds.Next());

        /// <summary>Where the writer is now.</summary>
        public string WriterPath { get; private set; } = writerPath;

        /// <summary>True: another writer was sent to before.</summary>
        public bool HasMoved { get; private set; }

        public void Move(string path) => (WriterPath, HasMoved) = (path, true);
    }
}
