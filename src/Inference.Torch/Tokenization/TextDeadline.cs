namespace MlCluster.Inference.Tokenization;

/// <summary>Until when one text is tokenised; the steps that a text can make long ask it as they go.</summary>
/// <remarks>
/// A tokenizer.json may hold patterns that take a second for each character of the text. A single match has a deadline
/// of its own, which .NET ties to the pattern, so a text ends by one match after this one at the latest.
/// </remarks>
/// <param name="time">Tells how long it has taken.</param>
/// <param name="limit">Longest time from now on.</param>
/// <param name="isAbandoned">True once nobody waits for the text any more; null: somebody always does.</param>
internal sealed class TextDeadline(TimeProvider time, TimeSpan limit, Func<bool>? isAbandoned = null)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>For texts that are known: those of a rehearsal, which has a deadline of its own.</summary>
    public static TextDeadline None { get; } = new(TimeProvider.System, TimeSpan.MaxValue);

    /// <summary>Ends the tokenization by an exception where there is reason to.</summary>
    /// <exception cref="TokenizerTimeoutException">The text has taken too long.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public void Check()
    {
        if (isAbandoned?.Invoke() == true)
        {
            throw new OperationCanceledException("nobody waits for the text any more");
        }

        if (time.GetElapsedTime(_started) > limit)
        {
            throw new TokenizerTimeoutException(limit);
        }
    }
}
