using MlCluster.Messages.Profile;

namespace MlCluster.Node.Ml;

/// <summary>What loads write to the disk, and what those under way are still going to write; pure.</summary>
internal static class DiskReservations
{
    // The archive, what is unpacked of it, and a copy of a model whose forward gives a dict.
    private const int WholeLoad = 3;

    /// <summary>Bytes that a load needs whose content is not on disk.</summary>
    public static long OfNewLoad(long archiveBytes) => WholeLoad * archiveBytes;

    /// <summary>Bytes that other loads need from now on.</summary>
    /// <remarks>
    /// A stage counts as if it had written nothing yet: the free space may be short by what it has, never too long.
    /// </remarks>
    /// <param name="models">Those of the node.</param>
    /// <param name="sha256">Content of the load that asks: it is written once, whoever comes first.</param>
    /// <param name="isCached">Tells whether the content of a SHA-256 is on disk already.</param>
    public static long Of(IEnumerable<HostedModel> models, string sha256, Func<string, bool> isCached) => models
        .Where(model => model.Command.Sha256 != sha256)
        .GroupBy(model => model.Command.Sha256, StringComparer.Ordinal)
        .Sum(content => content.Max(model => ShareOf(model, isCached) * model.Command.SizeBytes));

    private static long ShareOf(HostedModel model, Func<string, bool> isCached) => model.Stage switch
    {
        ModelStage.Queued or ModelStage.Fetching => isCached(model.Command.Sha256) ? 0 : WholeLoad,
        ModelStage.Verifying => WholeLoad - 1,
        ModelStage.Rehearsing or ModelStage.Loading => 1,
        _ => 0,
    };
}
