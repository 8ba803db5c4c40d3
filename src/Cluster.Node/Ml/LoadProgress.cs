using MlCluster.Messages.Profile;

namespace MlCluster.Node.Ml;

/// <summary>How far a load is, 0–1, as its task tells it.</summary>
internal static class LoadProgress
{
    // Fetching is most of the bytes and nearly all of the waiting.
    private const float FetchShare = 0.7f;

    public static float OfFetch(float share) => FetchShare * Math.Clamp(share, 0, 1);

    /// <summary>Never goes back, whatever was said before.</summary>
    public static float At(ModelStage stage, float before) => Math.Max(before, stage switch
    {
        ModelStage.Verifying => FetchShare,
        ModelStage.Rehearsing => 0.8f,
        ModelStage.Loading => 0.9f,
        ModelStage.Warming => 0.95f,
        ModelStage.Serving => 1,
        _ => 0,
    });
}
