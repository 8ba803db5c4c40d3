namespace MlCluster.Load.Reporting;

/// <summary>Progress on standard error; standard output is the report's.</summary>
internal static class Log
{
    public static void Line(string text) => Console.Error.WriteLine(text);
}
