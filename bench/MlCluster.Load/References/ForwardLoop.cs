using System.Diagnostics;
using MlCluster.Inference.Batching;

namespace MlCluster.Load.References;

/// <summary>Pre-tokenised batches run by plain threads, round and round until the time is up.</summary>
/// <param name="Batches">In the order they are taken.</param>
/// <param name="Threads">Each runs forwards with one intra-op thread.</param>
internal sealed record ForwardLoop(ReferenceModel Model, IReadOnlyList<TokenBatch> Batches, int Threads)
{
    private const int MaxTokensPerForward = 1_024;
    private const int Seed = 7;

    /// <summary>What the hardware gives: equal lengths together, one thread a core.</summary>
    public static ForwardLoop Raw(ReferenceModel model, IEnumerable<int[]> documents)
    {
        TokenBatch[] batches =
        [
            .. documents.GroupBy(ids => ids.Length).SelectMany(group =>
                group.Chunk(Math.Max(1, MaxTokensPerForward / group.Key)).Select(ReferenceModel.Batch)),
        ];

        // So that a part of a pass has the mix of the whole.
        new Random(Seed).Shuffle(batches);
        return new ForwardLoop(model, batches, Environment.ProcessorCount);
    }

    /// <summary>One document a forward, twice as many threads as cores.</summary>
    public static ForwardLoop OneAtATime(ReferenceModel model, IEnumerable<int[]> documents) =>
        new(model, [.. documents.Select(ids => ReferenceModel.Batch([ids]))], 2 * Environment.ProcessorCount);

    /// <summary>Documents a second, for a time.</summary>
    public double Run(TimeSpan time) => Run((elapsed, _) => elapsed < time);

    /// <summary>Documents a second of one pass over all batches: the same work however fast it is.</summary>
    public double RunPass() => Run((_, taken) => taken < Batches.Count);

    private double Run(Func<TimeSpan, int, bool> goesOn)
    {
        var next = -1;
        var done = 0L;
        var clock = Stopwatch.StartNew();
        Parallel(Threads, () =>
        {
            while (Interlocked.Increment(ref next) is var taken && goesOn(clock.Elapsed, taken))
            {
                var batch = Batches[taken % Batches.Count];
                Model.Forward(batch);
                Interlocked.Add(ref done, batch.Rows);
            }
        });
        return done / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Runs the same work on several threads of its own and waits for all.</summary>
    public static void Parallel(int threads, Action work)
    {
        Exception? fault = null;
        Thread[] running = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception cause)
            {
                fault = cause;
            }
        }))];
        Array.ForEach(running, thread => thread.Start());
        Array.ForEach(running, thread => thread.Join());
        if (fault is not null)
        {
            throw new LoadException($"a measured thread failed: {fault.Message}");
        }
    }
}
