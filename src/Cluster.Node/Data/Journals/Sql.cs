using System.Data;
using System.Data.Common;
using MlCluster.Node.Hosting.Databases;

namespace MlCluster.Node.Data.Journals;

/// <summary>Plain statements beside Akka's plugins.</summary>
internal static class Sql
{
    /// <summary>Runs work on a connection of its own.</summary>
    /// <remarks>SQLite's calls are synchronous whatever their names say: they are kept away from actors.</remarks>
    public static Task<T> RunAsync<T>(
        this JournalDatabase database, string connectionString, Func<DbConnection, Task<T>> work) =>
        Task.Run(async () =>
        {
            await using var connection = database.Connect(connectionString);
            await connection.OpenAsync();
            return await work(connection);
        });

    /// <summary>Runs work in one transaction.</summary>
    public static Task<T> RunInTransactionAsync<T>(
        this JournalDatabase database, string connectionString, Func<DbTransaction, Task<T>> work) =>
        database.RunAsync(connectionString, async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var result = await work(transaction);
            await transaction.CommitAsync();
            return result;
        });

    /// <summary>A statement with its values.</summary>
    /// <param name="sql">A constant of the program.</param>
    public static DbCommand Command(
        this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of the program.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            if (value is null or byte[])
            {
                // A null says nothing of its type; only documents may be null.
                parameter.DbType = DbType.Binary;
            }

            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>A statement of a transaction.</summary>
    public static DbCommand Command(
        this DbTransaction transaction, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = transaction.Connection!.Command(sql, parameters);
        command.Transaction = transaction;
        return command;
    }

    /// <summary>Runs it and lets it go.</summary>
    public static async Task<int> ExecuteAsync(this DbCommand command)
    {
        await using (command)
        {
            return await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>All its rows.</summary>
    public static async Task<List<T>> ReadAsync<T>(this DbCommand command, Func<DbDataReader, T> read)
    {
        await using (command)
        {
            var found = new List<T>();
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                found.Add(read(rows));
            }

            return found;
        }
    }
}
