using MlCluster.Messages.Statistics;

namespace MlCluster.Node.Telemetry;

/// <summary>Reads what this machine is busy with; one thread at a time.</summary>
internal sealed class MachineMeter
{
    private ProcessorTime? _before;
    private int? _cpuPercent;

    /// <summary>Looks at the processors: their use is told of the time between the last two looks.</summary>
    public void Look()
    {
        var now = ProcFiles.Processors(ReadText("/proc/stat"));
        _cpuPercent = now is { } end && _before is { } begin ? end.PercentSince(begin) ?? _cpuPercent : _cpuPercent;
        _before = now;
    }

    /// <summary>The numbers of this moment; those that the machine does not tell are null.</summary>
    public MachineLoad Read()
    {
        if (_cpuPercent is null)
        {
            Look();
        }

        var loads = ProcFiles.Loads(ReadText("/proc/loadavg"));
        return new MachineLoad(
            ProcFiles.MemoryPercent(ReadText("/proc/meminfo")), _cpuPercent, loads[0], loads[1], loads[2]);
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
