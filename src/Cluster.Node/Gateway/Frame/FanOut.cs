namespace MlCluster.Node.Gateway.Frame;

/// <summary>Asks for many things, a few at a time: whoever names a thousand must not crowd out the others.</summary>
internal static class FanOut
{
    /// <summary>Answers in the order of the items.</summary>
    /// <param name="atOnce">Most questions that are open at the same time.</param>
    /// <remarks>After the first failure, which is thrown, no question is begun and those that are open are given
    /// up.</remarks>
    public static async Task<TAnswer[]> AskAllAsync<TItem, TAnswer>(
        this IEnumerable<TItem> items,
        int atOnce,
        Func<TItem, CancellationToken, Task<TAnswer>> ask,
        CancellationToken cancelled)
    {
        TItem[] all = [.. items];
        if (all.Length == 1)
        {
            return [await ask(all[0], cancelled)];
        }

        var answers = new TAnswer[all.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancelled };
        await Parallel.ForAsync(
            0, all.Length, options, async (i, stop) => answers[i] = await ask(all[i], stop));
        return answers;
    }
}
