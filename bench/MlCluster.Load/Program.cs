using System.Globalization;
using MlCluster.Load;
using MlCluster.Load.References;
using MlCluster.Load.Reporting;

// Every number of the report and of the log.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.WriteLine(LoadOptions.Usage);
    return 0;
}

try
{
    var options = LoadOptions.Parse(args);
    Directory.CreateDirectory(options.Work);
    using var model = ReferenceModel.Load(options);
    var report = MarkdownReport.Write(options, await new LoadRun(options, model).RunAsync());
    Console.Write(report);
    if (options.Out is { } path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, report);
    }

    if (options.RemoveWork)
    {
        Directory.Delete(options.Work, recursive: true);
    }

    return 0;
}
catch (Exception fault) when (fault is LoadException or FormatException or IOException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
