namespace MlCluster.Inference.Batching;

/// <summary>Decides where texts are tokenised.</summary>
internal static class EncodePlanner
{
    /// <summary>Characters of a call that are tokenised on the caller's thread: well below a millisecond.</summary>
    public const int CallerCharacters = 2048;

    /// <summary>Time that a call may take on the caller's thread; workers go on from there.</summary>
    public static readonly TimeSpan CallerTime = TimeSpan.FromMilliseconds(20);

    /// <summary>Characters that one worker tokenises at a time, so that several share a big call.</summary>
    public const int WorkerCharacters = 4096;

    /// <summary>Characters of one token, on the low side, for what a text will need in the queue.</summary>
    private const int CharactersPerToken = 3;

    /// <summary>Tells whether the calling thread, which may be an actor's, can tokenise the call.</summary>
    public static bool FitsCaller(IReadOnlyList<string> texts)
    {
        var characters = 0L;
        for (var i = 0; i < texts.Count && characters <= CallerCharacters; i++)
        {
            characters += texts[i].Length;
        }

        return characters <= CallerCharacters && texts.Count <= CallerCharacters / CharactersPerToken;
    }

    /// <summary>Cuts a call into runs of texts, each at least one text.</summary>
    public static IReadOnlyList<EncodeWork> Split(PredictionRequest request, int maxLength)
    {
        var parts = new List<EncodeWork>();
        var start = 0;
        while (start < request.Texts.Count)
        {
            var end = start;
            var characters = 0L;
            var tokens = 0L;
            do
            {
                characters += request.Texts[end].Length;
                tokens += Math.Min(maxLength, (request.Texts[end].Length / CharactersPerToken) + 2);
                end++;
            }
            while (end < request.Texts.Count && characters + request.Texts[end].Length <= WorkerCharacters);

            parts.Add(new EncodeWork(request, start, end - start, tokens));
            start = end;
        }

        return parts;
    }
}
