using MlCluster.Load.Measures;
using MlCluster.Load.Node;
using MlCluster.Load.References;
using MlCluster.Load.Texts;

namespace MlCluster.Load;

/// <summary>All wanted parts, one after another.</summary>
internal sealed class LoadRun(LoadOptions options, ReferenceModel model)
{
    private const int CheckedTexts = 16;
    private const double Tolerance = 1e-4;

    public async Task<IReadOnlyList<MeasureResult>> RunAsync()
    {
        var results = new List<MeasureResult>();
        if (Wants("throughput") || Wants("latency") || Wants("load"))
        {
            await RunOnServingNodeAsync(results);
        }

        if (Wants("rss"))
        {
            results.Add(await new RssMeasure(options, model.ModelFile).RunAsync());
        }

        if (Wants("upload"))
        {
            results.Add(await new UploadMeasure(options).RunAsync());
        }

        if (Wants("freshness"))
        {
            results.Add(await new FreshnessMeasure(options).RunAsync());
        }

        await RunOnClustersAsync(results);
        return results;
    }

    private async Task RunOnClustersAsync(List<MeasureResult> results)
    {
        if (Wants("hop"))
        {
            results.Add(await new HopMeasure(options).RunAsync());
        }

        if (Wants("nodes"))
        {
            results.Add(await new NodesMeasure(options, model).RunAsync());
        }

        if (Wants("failover"))
        {
            results.Add(await new FailoverMeasure(options).RunAsync());
        }

        if (Wants("cold"))
        {
            results.Add(await new ColdLoadMeasure(options).RunAsync());
        }
    }

    private bool Wants(string part) => options.Parts.Contains(part, StringComparer.Ordinal);

    private async Task RunOnServingNodeAsync(List<MeasureResult> results)
    {
        await using var node = await NodeProcess.StartAsync(options, "serving");
        using var client = new MlClient(node.Address);
        var modelId = await client.RegisterFromFileAsync(options.Archive, ModelShape.MiniLm);
        await client.DeployAsync(modelId);
        CheckAnswers(node.Address, modelId);
        if (Wants("latency"))
        {
            results.Add(new LatencyMeasure(options, model, node.Address, modelId).Run());
        }

        if (Wants("throughput"))
        {
            results.Add(new ThroughputMeasure(options, model, node.Address, modelId).Run());
        }

        if (Wants("load"))
        {
            results.Add(await new SecondLoadMeasure(options, model.ModelFile, node.Address, modelId).RunAsync());
        }
    }

    /// <summary>Speed of wrong answers is worth nothing: REST must give what the reference gives.</summary>
    private void CheckAnswers(Uri node, string modelId)
    {
        var texts = TextSet.Mixed(CheckedTexts).Texts;
        using var connection = new HttpConnection(node);
        var status = connection.Send(PredictBody.Request(node, modelId, texts));
        var vectors = status == 200
            ? PredictBody.Vectors(connection.Body)
            : throw new LoadException($"predict → {status} {System.Text.Encoding.UTF8.GetString(connection.Body)}");
        for (var i = 0; i < texts.Count; i++)
        {
            var expected = model.Forward(ReferenceModel.Batch([model.Encode(texts[i])])).ToArray();
            var worst = expected.Zip(vectors[i], (a, b) => Math.Abs(a - b)).Max();
            if (vectors[i].Length != expected.Length || !(worst <= Tolerance))
            {
                throw new LoadException($"REST and reference differ by {worst} on: {texts[i]}");
            }
        }
    }
}
