using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>How events change what is known of the archive.</summary>
internal static class ContentFold
{
    public static ModelState Stored(ModelState state, ChunkStored e) => state with
    {
        Content = state.Content with
        {
            Chunks = state.Content.Chunks.SetItem(e.Chunk.Number, e.Chunk),
            LastChunkTime = e.Time,
            Generation = state.Content.Generation + 1,
            Problem = null,
        },
    };

    public static ModelState DownloadStarted(ModelState state, ModelDownloadStarted e) => state with
    {
        Origin = state.Origin! with { Attempts = e.Attempt },
        Content = ContentState.Empty with { Generation = state.Content.Generation },
    };

    /// <summary>Deployments that counted on the content fail with it.</summary>
    public static ModelState Refused(ModelState state, ModelContentRefused e) => TaskFold.FinishAll(
        state with { Content = state.Content with { Problem = e.Reason } }, ContentRules.WithCure(e.Reason));
}
