using Akka.Actor;

namespace MlCluster.Node.Data;

/// <summary>
/// Stops an entity, at passivation or handoff. Unlike a PoisonPill it waits in line behind a persist that is under way.
/// </summary>
internal sealed record StopEntity : INoSerializationVerificationNeeded
{
    public static StopEntity Instance { get; } = new();
}

/// <summary>An entity's own clock.</summary>
internal sealed record Tick : INotInfluenceReceiveTimeout, INoSerializationVerificationNeeded
{
    public static Tick Instance { get; } = new();
}
