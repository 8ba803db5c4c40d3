using System.Security.Cryptography;
using MlCluster.Messages.Loading;
using MlCluster.Node.Data.Chunks;

namespace MlCluster.Node.Ml.Content;

/// <summary>Writes a model's archive to disk out of its chunks, one chunk in memory at a time.</summary>
internal sealed class ContentFetcher(IChunkSource chunks, string tempFolder)
{
    /// <summary>Writes the archive and checks its hash while doing so.</summary>
    /// <param name="progress">Called with 0–1 after each chunk.</param>
    /// <returns>Path of the archive; the caller removes it.</returns>
    /// <exception cref="LoadRefusedException">The whole is not what was registered.</exception>
    public async Task<string> FetchAsync(LoadModel model, Action<float> progress, CancellationToken cancellationToken)
    {
        var path = Path.Combine(tempFolder, $"{Guid.NewGuid():N}.zip");
        try
        {
            var actual = await WriteAsync(model, path, progress, cancellationToken);
            if (actual != model.Sha256)
            {
                throw new LoadRefusedException(
                    $"model content changed: its SHA-256 is {actual}, registered was {model.Sha256}; upload it again");
            }

            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private async Task<string> WriteAsync(
        LoadModel model, string path, Action<float> progress, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file =
            new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        long written = 0;
        foreach (var chunk in model.Chunks)
        {
            var bytes = await chunks.ReadAsync(model.ModelId, chunk, cancellationToken);
            hash.AppendData(bytes);
            await file.WriteAsync(bytes, cancellationToken);
            written += bytes.Length;
            progress((float)written / Math.Max(model.SizeBytes, written));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
