using System.Security.Cryptography;
using Npgsql;

namespace MlCluster.Chaos.Verdicts;

/// <summary>The rows that hold models' chunks, read past the cluster out of its database.</summary>
internal sealed class ChunkTable(string connection) : IAsyncDisposable
{
    private const string Rows =
        """
        SELECT message FROM model_chunk
        WHERE persistence_id = $1 AND NOT deleted AND length(message) > 0
        ORDER BY sequence_number
        """;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connection);

    /// <summary>SHA-256 of each row of a model; one row a chunk.</summary>
    public async Task<IReadOnlyList<string>> HashesAsync(string model)
    {
        await using var command = _source.CreateCommand(Rows);
        command.Parameters.Add(new NpgsqlParameter { Value = $"chunks-{model}" });
        await using var reader = await command.ExecuteReaderAsync();
        var hashes = new List<string>();
        while (await reader.ReadAsync())
        {
            hashes.Add(Convert.ToHexStringLower(SHA256.HashData(await reader.GetFieldValueAsync<byte[]>(0))));
        }

        return hashes;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
