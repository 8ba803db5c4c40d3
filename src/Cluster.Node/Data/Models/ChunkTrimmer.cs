using Akka.Event;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Models;

/// <summary>Removes, in the background, rows of the chunk journal that a living model does not need.</summary>
internal sealed class ChunkTrimmer(ModelId model, JournalRows rows, ILoggingAdapter log)
{
    private bool _isTrimmed;

    /// <summary>A row that was written for nothing, or that another one replaced.</summary>
    public void Remove(ChunkRef unused) => _ = TryAsync(() => rows.RemoveChunksAsync(model, [unused.SequenceNr]));

    /// <summary>
    /// Nothing is added to a registered model: what is not part of it then, such as a row whose node ended before it
    /// could say so, never will be. Once in an entity's life.
    /// </summary>
    public void Trim(ModelState state)
    {
        if (!_isTrimmed && state is { Phase: ModelPhase.Registered, Content.HasAllChunks: true })
        {
            _isTrimmed = true;
            var kept = state.Content.Chunks.Values.Select(c => c.SequenceNr).ToHashSet();
            _ = TryAsync(async () =>
                await rows.RemoveChunksAsync(model, (await rows.ChunksAsync(model)).Where(nr => !kept.Contains(nr))));
        }
    }

    private async Task TryAsync(Func<Task> remove)
    {
        try
        {
            await remove();
        }
        catch (Exception e)
        {
            // They cost space and nothing else; the entity's next life removes them.
            log.Warning("Unused chunks of model {0} could not be removed: {1}", model, e.Message);
        }
    }
}
