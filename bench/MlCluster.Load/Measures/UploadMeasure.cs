using MlCluster.Load.Node;
using MlCluster.Load.Reporting;

namespace MlCluster.Load.Measures;

/// <summary>Whether the memory of an upload depends on its size; a fresh node for each.</summary>
/// <remarks>
/// Each node loads and unloads the model first, and its peak begins anew then: what the first upload and the first load
/// of a process cost once, code and libraries that are read in, would else be counted to the upload.
/// </remarks>
internal sealed class UploadMeasure(LoadOptions options)
{
    private const double Mebibyte = 1024 * 1024;
    private const double LimitMebibytes = 64;

    public async Task<MeasureResult> RunAsync()
    {
        var (byUrl, byChunks) = (new List<double>(), new List<double>());
        foreach (var megabytes in options.UploadMegabytes.Order())
        {
            var archive = Path.Combine(options.Work, $"padded-{megabytes}.zip");
            PaddedArchive.Write(options.Archive, archive, megabytes);
            byUrl.Add(await PeakAsync(megabytes, "url", client => client.RegisterFromFileAsync(archive, ModelShape.MiniLm)));
            byChunks.Add(await PeakAsync(megabytes, "chunks", client => client.RegisterByChunksAsync(archive, ModelShape.MiniLm)));
            File.Delete(archive);
        }

        return new MeasureResult("Upload", [MarkOf("by URL", byUrl), MarkOf("by chunks", byChunks)]);
    }

    private async Task<double> PeakAsync(int megabytes, string way, Func<MlClient, Task<string>> upload)
    {
        await using var node = await NodeProcess.StartAsync(options, $"upload-{way}-{megabytes}");
        using var client = new MlClient(node.Address);
        await PayOnceAsync(client);
        node.ForgetPeak();
        var before = node.ResidentBytes() / Mebibyte;
        await upload(client);
        var peak = node.PeakResidentBytes() / Mebibyte;
        Log.Line($"upload: {megabytes} MB by {way}, peak {peak:F1} MiB, before it {before:F1} MiB");
        return peak;
    }

    private async Task PayOnceAsync(MlClient client)
    {
        var model = await client.RegisterFromFileAsync(options.Archive, ModelShape.MiniLm);
        await client.DeployAsync(model);
        await client.UndeployAsync(model);
    }

    private Mark MarkOf(string way, List<double> peaks)
    {
        var sizes = options.UploadMegabytes.Order().Zip(
            peaks, (mb, peak) => $"{mb} MB: {peak:F1} MiB");
        return new Mark(
            $"upload {way}: peak RSS of the largest − of the smallest archive, MiB",
            peaks[^1] - peaks[0],
            LimitMebibytes,
            AtLeast: false,
            string.Join(", ", sizes));
    }
}
