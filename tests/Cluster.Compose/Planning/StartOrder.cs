using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Planning;

/// <summary>Orders services by what they depend on.</summary>
internal static class StartOrder
{
    /// <summary>Each after all that it depends on.</summary>
    /// <exception cref="ComposeException">They depend on each other.</exception>
    public static IReadOnlyList<ComposeService> Of(IReadOnlyList<ComposeService> services)
    {
        var ordered = new List<ComposeService>();
        while (ordered.Count < services.Count)
        {
            var next = services.FirstOrDefault(
                s => !ordered.Contains(s) && s.DependsOn.Keys.All(d => ordered.Any(o => o.Name == d)));
            ordered.Add(next ?? throw new ComposeException("services depend on each other in a circle"));
        }

        return ordered;
    }
}
