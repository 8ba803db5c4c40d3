namespace MlCluster.Inference.Tests;

/// <summary>Tests that measure the process as a whole and so run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
