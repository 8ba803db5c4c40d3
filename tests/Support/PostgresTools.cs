using System.Diagnostics;

namespace MlCluster.Tests.Support;

/// <summary>The programs of this machine's PostgreSQL server, run as a user that it accepts.</summary>
internal static class PostgresTools
{
    private const string ServerUser = "postgres";
    private const string Debian = "/usr/lib/postgresql";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Where the programs lie; null: nowhere.</summary>
    public static string? Folder { get; } = FindFolder();

    /// <summary>What is missing to start a server; null: nothing.</summary>
    public static string? Missing()
    {
        if (Folder is null)
        {
            return $"needs PostgreSQL's server (package postgresql) in {Debian} or the PATH";
        }

        return Environment.IsPrivilegedProcess && !Run("id", ServerUser)
            ? $"needs the user {ServerUser}: PostgreSQL refuses to run as root"
            : null;
    }

    /// <summary>The command that runs one of its programs as the server's user.</summary>
    public static IReadOnlyList<string> AsServerUser(string tool, params string[] arguments)
    {
        string[] user = Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={ServerUser}", $"--regid={ServerUser}", "--init-groups"]
            : [];
        return [.. user, Path.Combine(Folder!, tool), .. arguments];
    }

    /// <summary>Makes a server's files where there are none: its owner, and a database.</summary>
    /// <param name="folder">Existing folder.</param>
    /// <param name="user">The owner.</param>
    /// <param name="password">Of the owner.</param>
    /// <param name="database">Name, or empty for none but the server's own.</param>
    /// <exception cref="IOException">It could not be made.</exception>
    public static void Initialize(string folder, string user, string password, string database)
    {
        GiveToServerUser(folder);
        if (File.Exists(Path.Combine(folder, "PG_VERSION")))
        {
            return;
        }

        MakeFiles(folder, user, password);
        if (database.Length > 0 && database != "postgres")
        {
            Require(
            [
                "/bin/sh", "-c", "name=$1; shift; echo \"CREATE DATABASE \\\"$name\\\"\" | \"$@\"", "sh", database,
                .. AsServerUser("postgres", "--single", "-D", folder, "postgres"),
            ]);
        }
    }

    /// <summary>Makes a folder the server's own.</summary>
    public static void GiveToServerUser(string folder)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Require("chown", "-R", $"{ServerUser}:", folder);
        }
    }

    /// <summary>Runs one of its programs, which must succeed.</summary>
    public static void RequireTool(string tool, params string[] arguments) => Require([.. AsServerUser(tool, arguments)]);

    private static void MakeFiles(string folder, string user, string password)
    {
        // initdb wants its folder empty, and the password where nobody else reads it.
        var passwordFile = folder + ".password";
        try
        {
            File.WriteAllText(passwordFile, password);
            File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            GiveToServerUser(passwordFile);
            RequireTool(
                "initdb", "-D", folder, "-U", user, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8",
                "--no-sync", "--pwfile", passwordFile);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private static void Require(params string[] command)
    {
        if (!Run(command))
        {
            throw new IOException($"PostgreSQL: {string.Join(' ', command)} failed; run it by hand to see why");
        }
    }

    // The server must not hold this program's own output open.
    private static bool Run(params string[] command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", .. command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        if (process.WaitForExit(Patience))
        {
            return process.ExitCode == 0;
        }

        process.Kill(entireProcessTree: true);
        return false;
    }

    private static string? FindFolder()
    {
        var installed = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).Select(d => Path.Combine(d, "bin")).OrderDescending(StringComparer.Ordinal)
            : Enumerable.Empty<string>();
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return installed.Concat(path).FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")));
    }
}
