using System.Collections.Concurrent;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Batching;

/// <summary>One token a character; the id is the character's code.</summary>
internal sealed class FakeEncoder(int maxLength = 64) : ITextEncoder
{
    public int PadId => 0;

    public int MaxLength => maxLength;

    public bool MayBacktrack { get; set; }

    /// <summary>Threads that tokenised.</summary>
    public ConcurrentDictionary<int, bool> Threads { get; } = new();

    /// <summary>Called first in each tokenization.</summary>
    public Action<TextDeadline> OnEncode { get; set; } = _ => { };

    public int[] Encode(string text, TextDeadline deadline)
    {
        Threads[Environment.CurrentManagedThreadId] = true;
        OnEncode(deadline);
        return [.. text.Take(maxLength).Select(character => (int)character)];
    }
}
