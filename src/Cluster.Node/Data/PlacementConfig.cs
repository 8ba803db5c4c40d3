using Akka.Configuration;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Data;

/// <summary>Reads <c>mlcluster.placement</c>: data nodes plan by it, and ml nodes hold each load against it.</summary>
internal static class PlacementConfig
{
    /// <summary>The rules; the defaults where the section is absent.</summary>
    public static PlacementRules RulesOf(Config root) => root.GetConfig("mlcluster.placement") is not { } section
        ? PlacementRules.Default
        : new PlacementRules(
            section.GetString("exclude-nodes").Split(
                ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            section.GetDouble("memory-per-file-byte"),
            section.GetByteSize("memory-per-model")!.Value);
}
