namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>What a rehearsal denies itself before it touches the model. The parent's watch comes on top.</summary>
internal static class ChildLimits
{
    // The engine writes a copy of the model's file with an entry method of its own.
    private const long FileSlackBytes = 64L << 20;

    // Stacks and allocator arenas take address space without taking memory.
    private const long AddressSpaceSlackBytes = 1L << 30;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Bounds its life, also when the node that watches it is killed.</summary>
    /// <remarks>
    /// The node holds the other end of standard input. PR_SET_PDEATHSIG would not do: it fires when the parent's
    /// thread ends that started the child, and pool threads come and go.
    /// </remarks>
    public static void BoundLife(TimeSpan timeout)
    {
        new Thread(EndWithParent) { IsBackground = true, Name = "parent watch" }.Start();
        _ = Posix.KillAfter((uint)(timeout + Grace).TotalSeconds);
        Posix.Limit(Posix.Resource.Core, 0);

        // Should memory run out all the same, the kernel takes this process and not the node.
        File.WriteAllText("/proc/self/oom_score_adj", "1000");
    }

    /// <summary>Bounds memory and disk; the runtime is loaded and counts on top.</summary>
    /// <param name="modelFileBytes">Size of the model's file.</param>
    public static void BoundResources(long memoryLimitBytes, long modelFileBytes)
    {
        if (ProcessMemory.TryRead(Environment.ProcessId) is { } now)
        {
            Posix.Limit(
                Posix.Resource.AddressSpace, now.AddressSpaceBytes + memoryLimitBytes + AddressSpaceSlackBytes);
            Posix.Limit(Posix.Resource.FileSize, modelFileBytes + FileSlackBytes);
        }
    }

    private static void EndWithParent()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        Posix.ExitNow(1);
    }
}
