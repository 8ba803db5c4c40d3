using MlCluster.Inference.Functions;

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

    // Each has its own cost, however short it is.
    private const int MostCallerTexts = 682;

    /// <summary>Tells whether the calling thread, which may be an actor's, can tokenise the call.</summary>
    public static bool FitsCaller(ITextEncoder encoder, PredictionInput input)
    {
        if (encoder.MayBacktrack)
        {
            return false;
        }

        var characters = 0L;
        for (var i = 0; i < input.Texts.Count && characters <= CallerCharacters; i++)
        {
            characters += ModelFunction.Characters(input, i);
        }

        return characters <= CallerCharacters && input.Texts.Count <= MostCallerTexts;
    }

    /// <summary>Cuts a call into runs of texts, each at least one text.</summary>
    public static IReadOnlyList<EncodeWork> Split(PredictionRequest request)
    {
        var input = request.Input;
        var parts = new List<EncodeWork>();
        var start = 0;
        while (start < input.Texts.Count)
        {
            var end = start;
            var characters = 0L;
            var tokens = 0L;
            do
            {
                characters += ModelFunction.Characters(input, end);
                tokens += request.Function.EstimateTokens(input, end);
                end++;
            }
            while (end < input.Texts.Count
                && characters + ModelFunction.Characters(input, end) <= WorkerCharacters);

            parts.Add(new EncodeWork(request, start, end - start, tokens));
            start = end;
        }

        return parts;
    }
}
