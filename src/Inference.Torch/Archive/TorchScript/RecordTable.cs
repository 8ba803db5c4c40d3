using System.Text;
using MlCluster.Inference.Archive.Zip;

namespace MlCluster.Inference.Archive.TorchScript;

/// <summary>
/// The records of a <c>.pt</c>, found the way libtorch finds them: below one root, letter case ignored.
/// </summary>
internal sealed class RecordTable
{
    private readonly Stream _file;
    private readonly string _what;
    private readonly Dictionary<string, (ZipMember Member, long Offset)> _records =
        new(StringComparer.OrdinalIgnoreCase);

    private RecordTable(Stream file, string what, string root) => (_file, _what, Root) = (file, what, root);

    /// <summary>The folder that holds all records; libtorch takes it from the first entry.</summary>
    public string Root { get; }

    /// <summary>Names without the root.</summary>
    public IEnumerable<string> Names => _records.Keys;

    /// <summary>Reads the directory and every local header.</summary>
    /// <exception cref="ModelFormatException">
    /// A record is packed, overlaps, hides behind another or lies outside the root.
    /// </exception>
    public static RecordTable Read(Stream file, string what, TorchScriptLimits limits)
    {
        var directory = ZipDirectory.Read(file, what, limits.MaxRecords);
        var first = directory.Members.Count == 0 ? string.Empty : directory.Members[0].Name;
        var slash = first.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0)
        {
            throw TorchScriptFile.NotTorchScript(what, "its records do not lie in one folder");
        }

        var table = new RecordTable(file, what, first[..slash]);
        foreach (var (member, offset) in ZipWalk.Members(file, directory, what))
        {
            table.Add(member, offset);
        }

        return table;
    }

    public bool Has(string name) => _records.ContainsKey(name);

    /// <summary>Bytes stored for a record; null when there is none.</summary>
    public long? SizeOf(string name) => _records.TryGetValue(name, out var record) ? record.Member.Bytes : null;

    /// <summary>Reads a small record whole.</summary>
    public byte[] ReadBytes(string name, long limit)
    {
        var (member, offset) = _records[name];
        if (member.Bytes > limit)
        {
            throw new ModelFormatException(
                $"{_what} has a record {name} of {member.Bytes} bytes; the limit is {limit}");
        }

        var bytes = new byte[member.Bytes];
        using var content = new MemberStream(_file, member, offset, _what);
        content.ReadExactly(bytes);
        _ = content.ReadByte(); // the end is where size and CRC are held to the directory
        return bytes;
    }

    private void Add(ZipMember member, long offset)
    {
        var packs = member.Method == ZipMember.Deflated && !IsTensor(member.Name[(member.Name.IndexOf('/', 0) + 1)..]);
        if (member.IsEncrypted || !(packs || (member.Method == ZipMember.Stored && member.Bytes == member.PackedBytes)))
        {
            throw new ModelFormatException(
                $"{_what} has a packed record, {member.Name}: TorchScript stores tensors as they are");
        }

        if (!member.Name.StartsWith(Root + "/", StringComparison.Ordinal) || !IsVerbatim(member))
        {
            throw new ModelFormatException($"{_what} has a record outside its folder {Root}: {member.Name}");
        }

        if (!member.IsFolder && !_records.TryAdd(member.Name[(Root.Length + 1)..], (member, offset)))
        {
            throw new ModelFormatException($"{_what} has two records named {member.Name}");
        }
    }

    private static bool IsTensor(string name) =>
        name.StartsWith("data/", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("constants/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The name means to libtorch what it means here: nothing had to be put right.</summary>
    private static bool IsVerbatim(ZipMember member) =>
        member.IsFolder || Encoding.UTF8.GetBytes(member.Name).AsSpan().SequenceEqual(member.RawName);
}
