using MlCluster.Chaos.Clients;

namespace MlCluster.Chaos.Load;

/// <summary>Predicts on one model all the time and measures the gaps.</summary>
internal sealed class SteadyPredictions(MlClient client, string model, ArchiveKind archive)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public GapMeter Gaps { get; } = new(TimeProvider.System);

    public async Task RunAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var text = archive.Texts[random.Next(archive.Texts.Count)];
            if (await client.PredictAsync(model, archive, [text]) == PredictEnd.Right)
            {
                Gaps.Answered(client.IsExcused(model));
            }

            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }
}
