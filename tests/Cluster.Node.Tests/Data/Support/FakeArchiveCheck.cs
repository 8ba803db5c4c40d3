using MlCluster.Node.Data.Uploads;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>Reads the whole archive and finds fault with those that begin with the bytes of "bad".</summary>
internal sealed class FakeArchiveCheck : IArchiveCheck
{
    public static readonly byte[] Bad = "bad"u8.ToArray();

    private int _checks;

    public int Checks => Volatile.Read(ref _checks);

    public string? FindProblem(Stream archive, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _checks);
        using var all = new MemoryStream();
        archive.CopyTo(all);
        return all.ToArray().AsSpan().StartsWith(Bad) ? "Can't find model file" : null;
    }
}
