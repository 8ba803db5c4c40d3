namespace MlCluster.Inference.Tokenization.PostProcessing;

/// <summary>A place in a template: special tokens, or one of the texts.</summary>
/// <param name="SpecialIds">Tokens to put in; null: the text.</param>
/// <param name="IsSecond">True for the second text of a pair.</param>
/// <param name="TypeId">Segment of what stands here.</param>
internal sealed record TemplatePiece(IReadOnlyList<int>? SpecialIds, bool IsSecond, int TypeId)
{
    /// <summary>Tokens that the template adds here.</summary>
    public int SpecialCount => SpecialIds?.Count ?? 0;
}

/// <summary>How special tokens and texts are put together.</summary>
/// <param name="Single">Template of one text.</param>
/// <param name="Pair">Template of two; the first text comes first.</param>
/// <param name="OverflowTakesTypes">
/// True when cut-off chunks take their segments from the template; else they stay 0 and 1 by text.
/// </param>
internal sealed record Template(
    IReadOnlyList<TemplatePiece> Single, IReadOnlyList<TemplatePiece> Pair, bool OverflowTakesTypes)
{
    /// <summary>No special tokens; the second text is segment 1.</summary>
    public static Template Plain { get; } = new([First(0)], [First(0), Second(1)], OverflowTakesTypes: false);

    /// <summary>How white space is taken out of offsets; null: it stays.</summary>
    public OffsetTrimming? Trimming { get; init; }

    /// <summary>Special tokens of one text.</summary>
    public int SingleSpecials { get; } = Single.Sum(static p => p.SpecialCount);

    /// <summary>Special tokens of a pair.</summary>
    public int PairSpecials { get; } = Pair.Sum(static p => p.SpecialCount);

    public static TemplatePiece First(int typeId) => new(null, IsSecond: false, typeId);

    public static TemplatePiece Second(int typeId) => new(null, IsSecond: true, typeId);

    public static TemplatePiece Special(int typeId, params int[] ids) => new(ids, IsSecond: false, typeId);
}
