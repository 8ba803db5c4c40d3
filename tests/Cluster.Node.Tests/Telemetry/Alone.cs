namespace MlCluster.Node.Tests.Telemetry;

/// <summary>Tests that listen to the whole process, or want nobody to listen: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "alone in the process";
}
