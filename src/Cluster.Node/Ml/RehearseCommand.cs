using MlCluster.Inference;
using MlCluster.Node.Ml.Rehearsal;

namespace MlCluster.Node.Ml;

/// <summary>
/// The hidden subcommand that a node starts as a child: tries an unknown model where it can do no harm.
/// </summary>
internal static class RehearseCommand
{
    /// <summary>First argument.</summary>
    public const string Name = "rehearse";

    private const int BadUsage = 2;

    /// <summary>Runs the rehearsal that the file in the argument describes.</summary>
    /// <returns>The exit code; 0: the result file tells.</returns>
    public static int Run(string[] args)
    {
        if (args is not [var jobFile])
        {
            Console.Error.WriteLine("this subcommand is the node's own: give no such argument");
            return BadUsage;
        }

        var job = RehearsalJob.Read(jobFile);
        ChildLimits.BoundLife(job.Timeout);
        Rehearse(job).Write(job.ResultFile);

        // A model may have left threads behind that never end.
        Posix.ExitNow(0);
        return 0;
    }

    private static RehearsalResult Rehearse(RehearsalJob job)
    {
        try
        {
            var runtime = EngineFactory.Create(job.Engine, TimeProvider.System);
            Console.WriteLine(ChildOutput.BaselineLine(Environment.WorkingSet));
            var modelBytes = job.Package.ModelFile is { } model ? new FileInfo(model).Length : 0;
            ChildLimits.BoundResources(job.MemoryLimitBytes, modelBytes);
            return new RehearsalResult(RehearsalReportJson.Write(runtime.Rehearse(job.Package)), Error: null);
        }
        catch (Exception e)
        {
            return new RehearsalResult(Report: null, e is OutOfMemoryException ? "it ran out of memory" : e.Message);
        }
    }
}
