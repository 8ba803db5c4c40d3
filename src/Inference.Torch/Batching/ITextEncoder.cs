namespace MlCluster.Inference.Batching;

/// <summary>A tokenizer as the scheduler sees it; called on several threads at once.</summary>
internal interface ITextEncoder
{
    /// <summary>Id that fills shorter rows; the attention mask is 0 there.</summary>
    int PadId { get; }

    /// <summary>Most tokens of a document, special tokens included.</summary>
    int MaxLength { get; }

    /// <summary>Token ids of one text, special tokens included, truncated to <see cref="MaxLength"/>.</summary>
    int[] Encode(string text);
}
