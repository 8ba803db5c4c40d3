using System.Globalization;

namespace MlCluster.Inference;

/// <summary>A model failed while loading or running; the message is fit for a client.</summary>
public class InferenceException(string message, Exception? innerException = null)
    : Exception(message, innerException);

/// <summary>A text that the model cannot take; another text may do.</summary>
public sealed class TextRefusedException(string message) : InferenceException(message);

/// <summary>A call that does not fit the model's function or registration; the caller's mistake.</summary>
public sealed class RequestRefusedException(string message) : InferenceException(message);

/// <summary>A model's tokenizer took too long for a text: the text meets the worst of a pattern.</summary>
/// <param name="limit">The longest that a text may take.</param>
public sealed class TokenizerTimeoutException(TimeSpan limit) : InferenceException(string.Create(
    CultureInfo.InvariantCulture,
    $"the model's tokenizer took longer than {limit.TotalSeconds} s for one text; a pattern of its tokenizer.json "
    + $"backtracks on it: mend the pattern, send shorter texts, or raise tokenize-timeout"));

/// <summary>A model's queue has no room for more documents now.</summary>
/// <param name="queuedTokens">Tokens that wait.</param>
/// <param name="maxQueuedTokens">The limit in tokens.</param>
public sealed class QueueFullException(long queuedTokens, long maxQueuedTokens)
    : Exception($"the queue holds {queuedTokens} tokens of at most {maxQueuedTokens}; retry later")
{
    /// <summary>Tokens that wait.</summary>
    public long QueuedTokens { get; } = queuedTokens;

    /// <summary>The limit in tokens.</summary>
    public long MaxQueuedTokens { get; } = maxQueuedTokens;
}
