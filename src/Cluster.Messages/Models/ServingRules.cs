namespace MlCluster.Messages.Models;

/// <summary>Which predictions the nodes that have a model let through.</summary>
/// <param name="Version">Grows with every change of a model's rules; 0: as registered.</param>
/// <param name="IsEnabled">False: none.</param>
/// <param name="Limiter">How many; null: all.</param>
public sealed record ServingRules(long Version, bool IsEnabled, RateLimiter? Limiter)
{
    /// <summary>True: gateways hold predictions against the model's interface.</summary>
    public bool HasInterface { get; init; }

    /// <summary>A document of this version, or a later one, has the interface; 0: there is none.</summary>
    public long InterfaceVersion => HasInterface ? Math.Max(1, Version) : 0;
}
