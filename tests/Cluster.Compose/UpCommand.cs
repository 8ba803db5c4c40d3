using System.Runtime.InteropServices;

namespace MlCluster.Compose;

/// <summary><c>up</c>: runs in the foreground until it is told to stop.</summary>
internal static class UpCommand
{
    private static readonly TimeSpan HealthDeadline = TimeSpan.FromMinutes(5);

    /// <summary>Starts all, waits for Ctrl-C or SIGTERM, stops all in order.</summary>
    /// <exception cref="ComposeException">It cannot be run as asked.</exception>
    public static async Task RunAsync(ComposeOptions options)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        await using var project = ComposeProject.Open(options with { OnLine = Print });
        PrintReplacements(project);
        var start = StartAsync(project);
        if (await Task.WhenAny(told.Task, start) == start)
        {
            await start;
            await told.Task;
        }

        Console.WriteLine("stopping, in order");

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            told.TrySetResult();
        }
    }

    // What holds for several is said once.
    private static void PrintReplacements(ComposeProject project)
    {
        Console.WriteLine("in the place of containers:");
        var lines = project.Replicas.SelectMany(r => r.Replaced, (replica, line) => (replica.Name, Line: line));
        foreach (var line in lines.GroupBy(l => l.Line))
        {
            Console.WriteLine($"  {line.Key}   [{string.Join(' ', line.Select(l => l.Name))}]");
        }

        Console.WriteLine($"volumes and logs: {project.Work}");
    }

    private static async Task StartAsync(ComposeProject project)
    {
        await project.StartAsync();
        await project.WaitUntilHealthyAsync(HealthDeadline);
        Console.WriteLine($"all {project.Replicas.Count} replicas are healthy; Ctrl-C stops them");
        foreach (var replica in project.Replicas.Where(r => r.Publishes))
        {
            Console.WriteLine($"{replica.Name}: {replica.Rest}");
        }
    }

    private static void Print(string replica, string line) => Console.WriteLine($"{replica,-10} | {line}");
}
