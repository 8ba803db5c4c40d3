using System.Globalization;
using System.Runtime.InteropServices;
using MlCluster.Chaos;

// Every number of the report and of the log.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.WriteLine(ChaosOptions.Usage);
    return 0;
}

// Processes of the cluster are not to outlive this one.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

try
{
    var started = TimeProvider.System.GetTimestamp();
    var options = ChaosOptions.Parse(args);
    var work = options.Work ?? Directory.CreateTempSubdirectory("mlcluster-chaos-").FullName;
    var result = await ChaosRun.RunAsync(options, work, Console.Error.WriteLine, stop.Token);
    var report = ChaosReport.Write(options, result, TimeProvider.System.GetElapsedTime(started));
    Console.WriteLine(result.Line);
    Console.WriteLine(string.Join('\n', result.Details));
    if (options.Out is { } path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, report);
    }

    if (options.Work is null && result.ExitCode == 0)
    {
        Directory.Delete(work, recursive: true);
    }

    return result.ExitCode;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
catch (ChaosException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 2;
}
