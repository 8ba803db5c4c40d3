using System.Buffers.Binary;

namespace MlCluster.Inference.Archive.Zip;

/// <summary>
/// Goes through a zip's members in the order of the file and holds their local headers to the directory.
/// </summary>
internal static class ZipWalk
{
    private const int HeaderBytes = 30;
    private const uint HeaderSignature = 0x04034b50;

    /// <summary>Yields each member with the offset of its bytes; reads the local headers alone.</summary>
    /// <exception cref="ModelFormatException">Members overlap, or a local header contradicts the directory.</exception>
    public static IEnumerable<(ZipMember Member, long DataOffset)> Members(
        Stream zip, ZipDirectory directory, string what)
    {
        var ordered = directory.Members.OrderBy(member => member.HeaderOffset).ToList();
        for (var i = 0; i < ordered.Count; i++)
        {
            var member = ordered[i];
            var next = i + 1 < ordered.Count ? ordered[i + 1].HeaderOffset : directory.Offset;
            var limit = Math.Min(next, directory.Offset);
            var data = DataOffset(zip, member, limit, what);
            if (member.PackedBytes > limit - data)
            {
                throw new ModelFormatException(
                    $"{what} has overlapping members: {member.Name} reaches into the next one");
            }

            yield return (member, data);
        }
    }

    private static long DataOffset(Stream zip, ZipMember member, long limit, string what)
    {
        if (limit - member.HeaderOffset < HeaderBytes + member.RawName.Length)
        {
            throw new ModelFormatException($"{what} has overlapping members: {member.Name} has no room for its header");
        }

        var header = new byte[HeaderBytes + member.RawName.Length];
        zip.Position = member.HeaderOffset;
        zip.ReadExactly(header);
        if (!Agrees(header, member))
        {
            throw new ModelFormatException(
                $"{what} has a directory that lies: the header of {member.Name} says otherwise");
        }

        return member.HeaderOffset + header.Length + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
    }

    private static bool Agrees(ReadOnlySpan<byte> header, ZipMember member) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header) == HeaderSignature
        && BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) == member.RawName.Length
        && header[HeaderBytes..].SequenceEqual(member.RawName)
        && BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) == member.Method
        && SizeAgrees(BinaryPrimitives.ReadUInt32LittleEndian(header[18..]), member.PackedBytes, member)
        && SizeAgrees(BinaryPrimitives.ReadUInt32LittleEndian(header[22..]), member.Bytes, member);

    private static bool SizeAgrees(uint local, long central, ZipMember member) =>
        local == central || local == uint.MaxValue || (local == 0 && member.HasTrailer);
}
