using MlCluster.Messages.Profile;

namespace MlCluster.Node.Ml;

/// <summary>What loads write to the disk, and what those under way are still going to write; pure.</summary>
internal static class DiskReservations
{
    // The archive, what is unpacked of it, and a copy of a model whose forward gives a dict.
    private const int WholeLoad = 3;

    /// <summary>
    /// Bytes that a load needs whose content is not on disk, as far as they can be told before it is fetched.
    /// </summary>
    public static long OfNewLoad(long archiveBytes) => WholeLoad * archiveBytes;

    /// <summary>Bytes that other loads need from now on.</summary>
    /// <remarks>
    /// A stage counts as if it had written nothing yet: the free space may be short by what it has, never too long.
    /// Loads that nobody has looked at yet have no leave to write.
    /// </remarks>
    /// <param name="models">Those of the node.</param>
    /// <param name="sha256">Content of the load that asks: it is written once, whoever comes first.</param>
    public static long Of(IEnumerable<HostedModel> models, string sha256) => models
        .Where(model => model.Command.Sha256 != sha256)
        .GroupBy(model => model.Command.Sha256, StringComparer.Ordinal)
        .Sum(content => content.Max(Remaining));

    private static long Remaining(HostedModel model) => model.Stage switch
    {
        ModelStage.Queued or ModelStage.Fetching or ModelStage.Verifying when model.Content is { } content =>
            content.DiskBytes,
        ModelStage.Queued or ModelStage.Fetching =>
            model.IsCached == false ? OfNewLoad(model.Command.SizeBytes) : 0,
        ModelStage.Verifying => (WholeLoad - 1) * model.Command.SizeBytes,
        ModelStage.Rehearsing or ModelStage.Loading => model.ReckonedBytes,
        _ => 0,
    };
}
