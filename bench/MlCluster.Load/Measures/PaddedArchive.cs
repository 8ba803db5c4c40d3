using System.IO.Compression;

namespace MlCluster.Load.Measures;

/// <summary>A valid archive of any size: the given one beside a member of random bytes that nothing uses.</summary>
internal static class PaddedArchive
{
    private const int BlockBytes = 1 << 20;
    private const int Seed = 3;

    public static void Write(string original, string path, int megabytes)
    {
        using var from = ZipFile.OpenRead(original);
        using var to = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var entry in from.Entries)
        {
            using var source = entry.Open();
            using var target = to.CreateEntry(entry.FullName, CompressionLevel.Fastest).Open();
            source.CopyTo(target);
        }

        var left = (megabytes * 1_000_000L) - new FileInfo(original).Length;
        var random = new Random(Seed);
        var block = new byte[BlockBytes];
        using var padding = to.CreateEntry("unused/padding.dat", CompressionLevel.NoCompression).Open();
        for (; left > 0; left -= BlockBytes)
        {
            random.NextBytes(block);
            padding.Write(block, 0, (int)Math.Min(left, BlockBytes));
        }
    }
}
