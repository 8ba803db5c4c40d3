using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Batching;

/// <summary>A tokenizer as the scheduler sees it; called on several threads at once.</summary>
internal interface ITextEncoder
{
    /// <summary>Id that fills shorter rows; the attention mask is 0 there.</summary>
    int PadId { get; }

    /// <summary>Most tokens of a document, special tokens included.</summary>
    int MaxLength { get; }

    /// <summary>True when a text may take long however short it is: no caller's thread is held up by that.</summary>
    bool MayBacktrack => false;

    /// <summary>Token ids of one text, special tokens included, truncated to <see cref="MaxLength"/>.</summary>
    /// <exception cref="InferenceException">The tokenizer cannot take the text, or not in time.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for the text any more.</exception>
    int[] Encode(string text, TextDeadline deadline);
}
