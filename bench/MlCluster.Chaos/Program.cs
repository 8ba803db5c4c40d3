using System.Globalization;
using MlCluster.Chaos;

// Every number of the report and of the log.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.WriteLine(ChaosOptions.Usage);
    return 0;
}

try
{
    var started = TimeProvider.System.GetTimestamp();
    var options = ChaosOptions.Parse(args);
    var work = options.Work ?? Directory.CreateTempSubdirectory("mlcluster-chaos-").FullName;
    var result = await ChaosRun.RunAsync(options, work, Console.Error.WriteLine);
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
catch (ChaosException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 2;
}
