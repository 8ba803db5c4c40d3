using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace MlCluster.Tests.Support;

/// <summary>A PostgreSQL server of the tests' own: temporary folder, free port, password; gone afterwards.</summary>
public sealed class PostgresServer : IDisposable
{
    private const string User = "mlcluster";
    private readonly string _folder;
    private readonly int _port;
    private int _databases;

    private PostgresServer(string folder, int port)
    {
        _folder = folder;
        _port = port;
    }

    /// <summary>Of <see cref="User"/>; nothing that a node prints may hold it.</summary>
    public string Password { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>What is missing to start one; null: nothing.</summary>
    public static string? Missing() => PostgresTools.Missing();

    /// <summary>Starts one and waits until it answers.</summary>
    public static PostgresServer Start()
    {
        var folder = Directory.CreateTempSubdirectory("mlcluster-pg-").FullName;
        var server = new PostgresServer(folder, FreePort());
        try
        {
            Directory.CreateDirectory(server.Data);
            PostgresTools.GiveToServerUser(folder);
            PostgresTools.Initialize(server.Data, User, server.Password, database: "");
            server.Go();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A database that nobody has used.</summary>
    /// <returns>Its connection string, for <c>--db</c>.</returns>
    public string NewDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");

        // One out of a pool may be of before a crash.
        using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        connection.Open();
#pragma warning disable CA2100 // The name is ours.
        using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
        return ConnectionString(name);
    }

    /// <summary>Starts it again after <see cref="Crash"/>.</summary>
    public void Go() => PostgresTools.RequireTool(
        "pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(_folder, "log"), "-o",
        string.Create(
            CultureInfo.InvariantCulture,
            $"-p {_port} -k {_folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"));

    /// <summary>Ends it at once: connections break, nothing is written to its files any more.</summary>
    public void Crash() => PostgresTools.RequireTool("pg_ctl", "stop", "-m", "immediate", "-D", Data);

    /// <inheritdoc />
    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            Crash();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private string ConnectionString(string database) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={_port};Database={database};Username={User};Password={Password}");

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
