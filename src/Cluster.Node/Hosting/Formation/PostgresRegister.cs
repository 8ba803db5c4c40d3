using MlCluster.Messages;
using MlCluster.Node.Hosting.Databases;
using Npgsql;

namespace MlCluster.Node.Hosting.Formation;

/// <summary>The register as a table beside the journals; the server's clock counts, nodes' clocks do not.</summary>
internal sealed class PostgresRegister(JournalDatabase database, FormationSettings settings) : IClusterRegister
{
    // Two that form a cluster at the same moment: "mlcl" and one.
    private const long LockKey = 0x6D6C636D;

    private const string IsAlive = "seen_at > now() - make_interval(secs => @stale)";
    private const string IsMember =
        "(address, uid) IN (SELECT * FROM unnest(@addresses::text[], @uids::integer[]))";

    private const string Others =
        $"SELECT address FROM cluster_member WHERE node_id <> @node AND {IsAlive} "
        + "AND epoch = (SELECT max(epoch) FROM cluster_member) ORDER BY address";

    private const string EpochOf = $"SELECT max(epoch) FROM cluster_member WHERE {IsMember}";

    private const string Strangers =
        $"SELECT count(*) FROM cluster_member WHERE node_id <> @node AND {IsAlive} AND NOT {IsMember}";

    private const string Newest = "SELECT coalesce(max(epoch), 0) FROM cluster_member";

    private const string Beat =
        """
        INSERT INTO cluster_member VALUES (@node, @address, @uid, @epoch, now())
        ON CONFLICT (node_id) DO UPDATE
        SET address = excluded.address, uid = excluded.uid, epoch = excluded.epoch, seen_at = excluded.seen_at
        """;

    private const string Leave = "UPDATE cluster_member SET seen_at = '-infinity' WHERE node_id = @node";

    // Nodes that never come back; the newest number has to stay.
    private const string Forget =
        "DELETE FROM cluster_member WHERE seen_at < now() - interval '1 day' AND epoch < @epoch";

    /// <inheritdoc />
    public async Task<IReadOnlyList<string>> OthersAliveAsync(NodeId self, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = Command(connection, Others, ("node", self.Value), ("stale", StaleSeconds));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    /// <inheritdoc />
    public async Task<long?> EpochOfAsync(
        IReadOnlyCollection<RegisteredMember> members, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        return await ScalarAsync(connection, EpochOf, cancellationToken, Of(members)) as long?;
    }

    /// <inheritdoc />
    public async Task<long?> FormAsync(
        RegisteredNode self, IReadOnlyCollection<RegisteredMember> members, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ScalarAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);
        var strangers = await ScalarAsync(
            connection, Strangers, cancellationToken,
            [.. Of(members), ("node", self.NodeId.Value), ("stale", StaleSeconds)]);
        if (strangers is not 0L)
        {
            return null;
        }

        var epoch = (long)(await ScalarAsync(connection, Newest, cancellationToken))! + 1;
        await ScalarAsync(connection, Beat, cancellationToken, Of(self, epoch));
        await ScalarAsync(connection, Forget, cancellationToken, ("epoch", epoch));
        await transaction.CommitAsync(cancellationToken);
        return epoch;
    }

    /// <inheritdoc />
    public async Task<long> BeatAsync(RegisteredNode self, long epoch, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await ScalarAsync(connection, Beat, cancellationToken, Of(self, epoch));
        return (long)(await ScalarAsync(connection, Newest, cancellationToken))!;
    }

    /// <inheritdoc />
    public async Task LeaveAsync(NodeId self, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await ScalarAsync(connection, Leave, cancellationToken, ("node", self.Value));
    }

    private double StaleSeconds => settings.StaleAfter.TotalSeconds;

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)database.Connect(database.Journal);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static (string Name, object Value)[] Of(IReadOnlyCollection<RegisteredMember> members) =>
        [("addresses", members.Select(m => m.Address).ToArray()), ("uids", members.Select(m => m.Uid).ToArray())];

    private static (string Name, object Value)[] Of(RegisteredNode self, long epoch) =>
    [
        ("node", self.NodeId.Value), ("address", self.Member.Address), ("uid", self.Member.Uid), ("epoch", epoch),
    ];

    private async Task<object?> ScalarAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params (string Name, object Value)[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string sql, params (string Name, object Value)[] values)
    {
#pragma warning disable CA2100 // All texts are constants above.
        var command = new NpgsqlCommand(sql, connection)
        {
            CommandTimeout = int.Max(1, (int)settings.BeatInterval.TotalSeconds),
        };
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
