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
            switch (await client.PredictAsync(model, archive, [archive.Texts[random.Next(archive.Texts.Count)]]))
            {
                case PredictEnd.Right:
                    Gaps.Answered();
                    break;
                case PredictEnd.Excused:
                    Gaps.Excuse();
                    break;
            }

            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }
}
