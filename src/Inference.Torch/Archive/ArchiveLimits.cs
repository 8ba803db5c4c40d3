using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Archive;

/// <summary>What an archive may cost before anybody trusts it.</summary>
/// <param name="MaxArchiveBytes">An archive of this size or more is refused (contract 11.2).</param>
/// <param name="MaxMembers">Most entries of the zip.</param>
/// <param name="MaxUnpackedBytes">Most bytes of all members together.</param>
/// <param name="MaxRatio">Most unpacked bytes a packed byte; ordinary weights stay below 20.</param>
/// <param name="RatioFloorBytes">Members below this size are never called bombs.</param>
/// <param name="MaxTokenizerBytes">Most bytes of <c>tokenizer.json</c>.</param>
public sealed record ArchiveLimits(
    long MaxArchiveBytes = 4L << 30,
    int MaxMembers = 1_000,
    long MaxUnpackedBytes = 8L << 30,
    int MaxRatio = 100,
    long RatioFloorBytes = 4 << 20,
    long MaxTokenizerBytes = HuggingFaceTokenizer.MaxFileBytes)
{
    /// <summary>The limits of a node that is told nothing else.</summary>
    public static ArchiveLimits Default { get; } = new();
}
