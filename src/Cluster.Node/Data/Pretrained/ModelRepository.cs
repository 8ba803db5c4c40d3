using System.Globalization;
using MlCluster.Messages.Models;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Pretrained;

namespace MlCluster.Node.Data.Pretrained;

/// <summary>A repository of pretrained models: its list, what it says of a model, the model's archive.</summary>
/// <param name="address">Where it is.</param>
/// <param name="listPath">The list, from its root.</param>
/// <param name="fetcher">May reach it, and nothing that uploads by URL may not reach.</param>
/// <param name="timeout">Longest time for a list or a configuration.</param>
internal sealed class ModelRepository(
    RepositoryAddress address, string listPath, UrlFetcher fetcher, TimeSpan timeout, TimeProvider time)
{
    // OpenSearch's list has 10 KB.
    private const int MaxListBytes = 4 << 20;

    // It is kept in the journal and travels with the model; one with the labels of a model has some 50 KB.
    private const int MaxConfigBytes = 1 << 20;

    /// <summary>Looks a model up.</summary>
    /// <param name="asked">Its name, version and format.</param>
    /// <exception cref="DownloadException">It is not there, or what is said of it cannot be used.</exception>
    public async Task<PretrainedFound> FindAsync(ModelSpec asked, CancellationToken cancellationToken)
    {
        var model = ModelOf(asked);
        var isListed = await ReadAsync(
            listPath, MaxListBytes, json => PretrainedList.Holds(json, model), cancellationToken);
        if (!model.StaysInside || !isListed)
        {
            throw new DownloadException(
                "This model is not in the pre-trained model list, please check your parameters. "
                + $"{address.UrlOf(listPath)} does not have {model.Name}, version {model.Version}, as {model.FormatWord}");
        }

        return await ReadAsync(model.ConfigPath, MaxConfigBytes, Complete, cancellationToken);

        PretrainedFound Complete(ReadOnlyMemory<byte> json)
        {
            var config = PretrainedConfig.Parse(json);
            return new PretrainedFound(config.Complete(asked), config.Sha256);
        }
    }

    /// <summary>Opens a model's archive; reading it is the caller's.</summary>
    /// <exception cref="DownloadException">Refused, unreachable, or not there.</exception>
    public Task<RemoteContent> OpenArchiveAsync(ModelSpec asked, CancellationToken cancellationToken) =>
        fetcher.OpenAsync(address.UrlOf(ModelOf(asked).ArchivePath), cancellationToken);

    private static PretrainedModel ModelOf(ModelSpec asked) => new(asked.Name, asked.Version ?? "", asked.ModelFormat);

    private async Task<T> ReadAsync<T>(
        string path, int maxBytes, Func<ReadOnlyMemory<byte>, T> parse, CancellationToken cancellationToken)
    {
        var url = address.UrlOf(path);
        try
        {
            return parse(await ReadAsync(url, maxBytes, cancellationToken));
        }
        catch (FormatException e)
        {
            throw new DownloadException($"{url} cannot be used: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new DownloadException($"{url}: {e.Message}", e);
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(string url, int maxBytes, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await using var content = await fetcher.OpenAsync(url, both.Token);
            var buffer = new byte[maxBytes + 1];
            var length = await content.Stream.ReadAtLeastAsync(
                buffer, buffer.Length, throwOnEndOfStream: false, both.Token);
            return length <= maxBytes ? buffer.AsMemory(0, length) : throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"it has more than {maxBytes} bytes"));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadException(
                string.Create(
                    CultureInfo.InvariantCulture, $"{url} did not come within {(long)timeout.TotalSeconds} seconds"),
                e);
        }
    }
}
