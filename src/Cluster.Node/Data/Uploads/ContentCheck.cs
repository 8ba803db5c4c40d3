using System.Security.Cryptography;
using MlCluster.Inference.Archive;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Uploads;

/// <summary>Looks at a complete archive in the chunk journal: its hash, then what is in it.</summary>
internal sealed class ContentCheck(IChunkSource source, IArchiveCheck archive)
{
    private const int BufferBytes = 1 << 20;

    /// <param name="knownSha256">Hash that was computed while the content came in; null: it is computed here.</param>
    /// <returns>The verdict; it faults when the chunks cannot be read.</returns>
    public Task<ContentVerdict> RunAsync(
        ModelId model,
        ContentState content,
        ContentExpectation expected,
        string? knownSha256,
        CancellationToken cancellationToken) =>
        // Reading blocks, for a big archive for a minute: not on a thread of the pool.
        Task.Factory.StartNew(
            () => Run(model, content, expected, knownSha256, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private ContentVerdict Run(
        ModelId model,
        ContentState content,
        ContentExpectation expected,
        string? known,
        CancellationToken cancellationToken)
    {
        using var stream = new ChunkStream(source, model, content.Chunks.Values, cancellationToken);
        var sha256 = known ?? Hash(stream);
        var problem = ContentRules.HashProblem(expected.Sha256, sha256)
            ?? ArchiveProblem(stream, expected.Needs, cancellationToken);
        return new ContentVerdict(content.Generation, stream.Length, sha256, problem);
    }

    private string? ArchiveProblem(ChunkStream stream, ArchiveNeeds needs, CancellationToken cancellationToken)
    {
        stream.Position = 0;
        return archive.FindProblem(stream, needs, cancellationToken);
    }

    private static string Hash(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>What content is held against.</summary>
/// <param name="Sha256">Its hash; null: any.</param>
/// <param name="Needs">What it is to hold.</param>
internal sealed record ContentExpectation(string? Sha256, ArchiveNeeds Needs)
{
    /// <summary>What a registration expects.</summary>
    public static ContentExpectation Of(string? sha256, ModelSpec spec) => new(
        sha256,
        new ArchiveNeeds(
            ModelFormats.Parse(spec.ModelFormat), Model: spec.FunctionName != FunctionNames.SparseTokenize));
}
