using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using MlCluster.Messages;

namespace MlCluster.Node.Hosting;

/// <summary>The data folder of one process: locked while it runs, with the node's id and the format's number.</summary>
internal sealed class DataFolder : IDisposable
{
    private const int FormatVersion = 1;
    private const int NodeIdBytes = 16;

    private readonly FileStream _lock;

    private DataFolder(FileStream lockFile, NodeId nodeId)
    {
        _lock = lockFile;
        NodeId = nodeId;
    }

    /// <summary>22 characters of base64url, made once.</summary>
    public NodeId NodeId { get; }

    /// <exception cref="StartupException">Not writable, used by another process, or of a newer format.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var lockFile = Lock(path);
            CheckFormat(path);
            return new DataFolder(lockFile, ReadOrMakeNodeId(Path.Combine(path, "node.id")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"data folder [{path}] cannot be used: {e.Message}; give another one with --data DIR", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(
                Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new StartupException(
                $"data folder [{path}] is used by another process; stop it or give another folder with --data DIR", e);
        }
    }

    private static void CheckFormat(string path)
    {
        var file = Path.Combine(path, "format");
        var text = File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        if (text is null)
        {
            WriteAtomically(file, FormatVersion.ToString(CultureInfo.InvariantCulture));
        }
        else if (!int.TryParse(text, CultureInfo.InvariantCulture, out var version) || version > FormatVersion)
        {
            throw new StartupException(
                $"data folder [{path}] was written by a newer version (format {text}, this one knows {FormatVersion}); "
                + "start that version or give another folder with --data DIR");
        }
    }

    private static NodeId ReadOrMakeNodeId(string file)
    {
        if (!File.Exists(file))
        {
            WriteAtomically(file, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NodeIdBytes)));
        }

        return new NodeId(File.ReadAllText(file).Trim());
    }

    private static void WriteAtomically(string file, string text)
    {
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }
}
