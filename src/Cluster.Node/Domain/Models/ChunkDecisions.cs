using System.Globalization;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Uploads;

namespace MlCluster.Node.Domain.Models;

/// <summary>How the archive comes in, piece by piece.</summary>
internal static class ChunkDecisions
{
    // SQLite writes a row to its log first and to the database after.
    private const long WritesPerByte = 2;

    /// <summary>A chunk is about to be sent; the path of the writer is the actor's to tell.</summary>
    public static ModelDecision Prepare(ModelState state, PrepareChunk command, ModelContext context)
    {
        if (!state.Exists)
        {
            return ModelDecisions.NotFound(command.ModelId);
        }

        return WrongNumber(state, command.ModelId, command.ChunkNumber)
            ?? ModelDecisions.DiskRefusal(command.ModelId, context)
            ?? ModelDecision.Reply(new ChunkWriterReady(command.ModelId, ""));
    }

    /// <summary>What to do with a chunk that has arrived whole, before its bytes are written.</summary>
    public static ChunkOffer Offer(ModelState state, int number, int lengthBytes, string sha256, ModelLimits limits)
    {
        var content = state.Content;
        if (!state.Exists || state.Origin is not null)
        {
            return ChunkOffer.Refuse(ErrorCode.NotFound, "Failed to find model");
        }

        if (IsBeyond(state, number))
        {
            return ChunkOffer.Refuse(ErrorCode.IllegalArgument, OutOfRange(state, number));
        }

        if (content.Chunks.TryGetValue(number, out var there)
            && there.LengthBytes == lengthBytes && there.Sha256 == sha256)
        {
            return ChunkOffer.AlreadyThere;
        }

        if (state.Phase == ModelPhase.Registered)
        {
            return ChunkOffer.Refuse(
                ErrorCode.BadState,
                "the model is registered and its content stays as it is: delete it and register it again");
        }

        var total = content.StoredBytes - (there?.LengthBytes ?? 0) + lengthBytes;
        return total > limits.MaxModelBytes
            ? ChunkOffer.Refuse(ErrorCode.TooLarge, ContentRules.TooBig(total, limits.MaxModelBytes))
            : ChunkOffer.Write;
    }

    /// <summary>The same for a chunk that this node fetched itself.</summary>
    public static ChunkOffer OfferDownloaded(ModelState state) =>
        state.Phase == ModelPhase.Downloading
            ? ChunkOffer.Write
            : ChunkOffer.Refuse(ErrorCode.NotFound, "the model is not being downloaded any more");

    /// <summary>
    /// Nothing is written to a disk that it would nearly fill, though the upload began when there was room: on a full
    /// disk not even the end of the upload could be written.
    /// </summary>
    public static ChunkOffer IfRoom(ChunkOffer offer, int lengthBytes, ModelContext context) =>
        offer.Store && DiskBreaker.Refusal(
            context.FreeDiskBytes, context.Limits.DiskFreeThresholdBytes, WritesPerByte * lengthBytes) is { } error
            ? new ChunkOffer(false, error)
            : offer;

    /// <summary>The bytes are durable.</summary>
    public static ModelDecision Stored(ModelState state, ModelId model, ChunkRef chunk, ModelContext context) =>
        state.Phase is ModelPhase.Collecting or ModelPhase.Downloading && !IsBeyond(state, chunk.Number)
            ? ModelDecision.Silent(new ChunkStored(model, chunk, context.Now))
            : ModelDecision.Nothing;

    /// <summary>The complete set was looked at.</summary>
    public static ModelDecision Checked(ModelState state, ModelId model, ContentVerdict verdict, ModelContext context)
    {
        if (verdict.Generation != state.Content.Generation)
        {
            return ModelDecision.Nothing;
        }

        return state.Phase switch
        {
            ModelPhase.Downloading when verdict.Problem is { } reason =>
                RegistrationDecisions.Fail(state, model, reason, context),
            ModelPhase.Collecting when verdict.Problem is { } reason =>
                ModelDecision.Silent(new ModelContentRefused(model, reason, context.Now)),
            ModelPhase.Downloading or ModelPhase.Collecting => Complete(state, model, verdict, context),
            _ => ModelDecision.Nothing,
        };
    }

    private static ModelDecision Complete(
        ModelState state, ModelId model, ContentVerdict verdict, ModelContext context)
    {
        var chunks = state.Content.Chunks.Count;
        var registered = new ModelRegistered(model, verdict.SizeBytes, verdict.Sha256, chunks, context.Now);
        if (state.Origin?.Deploy is not { } deploy)
        {
            return ModelDecision.Silent(registered);
        }

        var then = ModelFold.Apply(state, registered);
        return ModelDecision.Silent([registered, .. DeploymentDecisions.Automatic(then, model, deploy, context)]);
    }

    private static ModelDecision? WrongNumber(ModelState state, ModelId model, int number)
    {
        if (state.Origin is not null)
        {
            return ModelDecision.Reject(
                model, ErrorCode.BadState, "the model comes from a URL and takes no chunks: register it by meta");
        }

        return IsBeyond(state, number)
            ? ModelDecision.Reject(model, ErrorCode.IllegalArgument, OutOfRange(state, number))
            : null;
    }

    // A download has no total until its end.
    private static bool IsBeyond(ModelState state, int number) => number < 0 || number >= state.Content.TotalChunks;

    private static string OutOfRange(ModelState state, int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"Chunk number exceeds total chunks: {number} is not in 0 to {state.Content.TotalChunks - 1}");
}
