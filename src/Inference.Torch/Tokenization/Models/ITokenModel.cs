namespace MlCluster.Inference.Tokenization.Models;

/// <summary>The vocabulary and the rule that cuts words into its tokens; immutable and safe to share.</summary>
internal interface ITokenModel
{
    /// <summary>Entries of the vocabulary.</summary>
    int VocabularySize { get; }

    /// <summary>True when there are words that give no token at all.</summary>
    bool MayGiveNothing => false;

    /// <summary>Finds the id of a whole token.</summary>
    bool TryGetId(string token, out int id);

    /// <summary>Appends the tokens of one word that is not empty.</summary>
    /// <param name="parts">Takes the part of the word that each token stands for; null: not wanted.</param>
    void Encode(ReadOnlySpan<char> word, List<int> ids, List<Part>? parts = null);
}
