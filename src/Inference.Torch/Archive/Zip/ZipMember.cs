namespace MlCluster.Inference.Archive.Zip;

/// <summary>One entry of a zip's central directory, as it claims to be.</summary>
/// <param name="Name">Path with forward slashes, without <c>.</c> parts; a folder's ends with a slash.</param>
/// <param name="RawName">The bytes of the name, to be compared with the local header's.</param>
/// <param name="Flags">General purpose bits.</param>
/// <param name="Method">0 stored, 8 deflated.</param>
/// <param name="Crc">CRC-32 of the unpacked bytes.</param>
/// <param name="PackedBytes">Bytes in the file.</param>
/// <param name="Bytes">Bytes when unpacked.</param>
/// <param name="HeaderOffset">Where the local header starts.</param>
/// <param name="UnixMode">File type and permissions; 0 when the maker had none.</param>
internal sealed record ZipMember(
    string Name,
    byte[] RawName,
    int Flags,
    int Method,
    uint Crc,
    long PackedBytes,
    long Bytes,
    long HeaderOffset,
    int UnixMode)
{
    public const int Stored = 0;
    public const int Deflated = 8;

    private const int FileTypeMask = 0xF000;
    private const int FolderType = 0x4000;
    private const int RegularType = 0x8000;
    private const int LinkType = 0xA000;

    public bool IsFolder => Name.EndsWith('/');

    public bool IsEncrypted => (Flags & 0x2041) != 0;

    /// <summary>Sizes and CRC follow the bytes, so the local header may say 0.</summary>
    public bool HasTrailer => (Flags & 0x8) != 0;

    public bool IsLink => (UnixMode & FileTypeMask) == LinkType;

    public bool IsSpecial => (UnixMode & FileTypeMask) is not (0 or FolderType or RegularType or LinkType);
}
