using System.Diagnostics;
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
    private const string ServerUser = "postgres";
    private const string Debian = "/usr/lib/postgresql";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
    public static string? Missing()
    {
        if (Binaries() is null)
        {
            return $"needs PostgreSQL's server (package postgresql) in {Debian} or the PATH";
        }

        return Environment.IsPrivilegedProcess && Run("id", ServerUser) != 0
            ? $"needs the user {ServerUser}: PostgreSQL refuses to run as root"
            : null;
    }

    /// <summary>Starts one and waits until it answers.</summary>
    public static PostgresServer Start()
    {
        var folder = Directory.CreateTempSubdirectory("mlcluster-pg-").FullName;
        var server = new PostgresServer(folder, FreePort());
        try
        {
            File.WriteAllText(Path.Combine(folder, "password"), server.Password);
            if (Environment.IsPrivilegedProcess)
            {
                Require("chown", "-R", ServerUser, folder);
            }

            server.RunServerTool(
                "initdb", "-D", server.Data, "-U", User, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync",
                "--pwfile", Path.Combine(folder, "password"));
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
        using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        connection.Open();
#pragma warning disable CA2100 // The name is ours.
        using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
        return ConnectionString(name);
    }

    /// <summary>Starts it again after <see cref="Crash"/>.</summary>
    public void Go() => RunServerTool(
        "pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(_folder, "log"), "-o",
        string.Create(
            CultureInfo.InvariantCulture,
            $"-p {_port} -k {_folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"));

    /// <summary>Ends it at once: connections break, nothing is written to its files any more.</summary>
    public void Crash() => RunServerTool("pg_ctl", "stop", "-m", "immediate", "-D", Data);

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

    private static string? Binaries()
    {
        var installed = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian)
                .Select(d => Path.Combine(d, "bin"))
                .OrderDescending(StringComparer.Ordinal)
            : Enumerable.Empty<string>();
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return installed.Concat(path).FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")));
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private void RunServerTool(string tool, params string[] arguments)
    {
        string[] command = [Path.Combine(Binaries()!, tool), .. arguments];
        if (Environment.IsPrivilegedProcess)
        {
            Require("runuser", ["-u", ServerUser, "--", .. command]);
        }
        else
        {
            Require(command[0], command[1..]);
        }
    }

    private static void Require(string program, params string[] arguments) => Xunit.Assert.True(
        Run(program, arguments) == 0, $"awaited: success of {program} {string.Join(' ', arguments)}");

    // The server must not hold the test's own output open.
    private static int Run(string program, params string[] arguments)
    {
        string[] command = ["-c", "exec \"$@\" </dev/null >/dev/null 2>&1", "sh", program, .. arguments];
        var start = new ProcessStartInfo("/bin/sh", command)
        {
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        if (process.WaitForExit(Patience))
        {
            return process.ExitCode;
        }

        process.Kill(entireProcessTree: true);
        return -1;
    }
}
