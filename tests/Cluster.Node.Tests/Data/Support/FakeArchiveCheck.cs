using MlCluster.Inference.Archive;
using MlCluster.Node.Data.Uploads;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>Reads the whole archive and finds fault with those that begin with the bytes of "bad".</summary>
internal sealed class FakeArchiveCheck : IArchiveCheck
{
    public static readonly byte[] Bad = "bad"u8.ToArray();

    private readonly TaskCompletionSource _heldIsCancelled =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _isHeld = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _checks;

    public int Checks => Volatile.Read(ref _checks);

    /// <summary>The first check reads until it is cancelled.</summary>
    public bool HoldsFirst { get; set; }

    /// <summary>The first check has begun.</summary>
    public Task FirstIsHeld => _isHeld.Task;

    /// <summary>The first check was told to stop.</summary>
    public Task FirstIsCancelled => _heldIsCancelled.Task;

    public string? FindProblem(Stream archive, ArchiveNeeds needs, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _checks) == 1 && HoldsFirst)
        {
            var cancelled = cancellationToken.WaitHandle;
            _isHeld.SetResult();
            cancelled.WaitOne();
            _heldIsCancelled.SetResult();
            cancellationToken.ThrowIfCancellationRequested();
        }

        using var all = new MemoryStream();
        archive.CopyTo(all);
        return all.ToArray().AsSpan().StartsWith(Bad) ? "Can't find model file" : null;
    }
}
