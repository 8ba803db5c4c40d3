namespace MlCluster.Inference.Tokenization.Unicode;

/// <summary>What the reference library takes a code point for; several may hold at once.</summary>
[Flags]
internal enum CharacterClass : ushort
{
    None = 0,

    /// <summary>Removed by BERT's clean_text.</summary>
    CleanRemoved = 1,

    /// <summary>Made a space by BERT's clean_text.</summary>
    CleanSpace = 2,

    /// <summary>Set apart by BERT's handle_chinese_chars.</summary>
    Chinese = 4,

    /// <summary>ASCII punctuation and the P* categories.</summary>
    Punctuation = 8,

    WhiteSpace = 16,

    /// <summary>Removed by BERT's strip_accents.</summary>
    NonspacingMark = 32,

    /// <summary>Removed by the StripAccents normalizer.</summary>
    CombiningMark = 64,

    Numeric = 128,

    /// <summary>Matched by <c>\w</c>.</summary>
    Word = 256,

    /// <summary>Has a lower-case form of its own.</summary>
    Lowercase = 512,

    /// <summary>Has a canonical decomposition.</summary>
    Decomposition = 1024,
}

/// <summary>Questions about classes.</summary>
internal static class CharacterClassExtensions
{
    /// <summary>True when the two have a class in common.</summary>
    public static bool Has(this CharacterClass classes, CharacterClass any) => (classes & any) != CharacterClass.None;
}
