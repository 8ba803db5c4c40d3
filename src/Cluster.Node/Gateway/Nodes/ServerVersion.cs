using System.Reflection;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>What this server says it is to clients of OpenSearch (contract 18).</summary>
internal static class ServerVersion
{
    public const string Number = "3.3.0";
    public const string MinimumWireCompatibility = "2.19.0";
    public const string MinimumIndexCompatibility = "2.0.0";
    public const string Lucene = "10.3.1";
    public const string Distribution = "opensearch";
    public const string BuildType = "tar";
    public const string Tagline = "The OpenSearch Project: https://opensearch.org/";

    /// <summary>The commit that this build was made from, as far as the build knew it.</summary>
    public static string BuildHash { get; } = Informational is { } text && text.Contains('+', StringComparison.Ordinal)
        ? text[(text.IndexOf('+', StringComparison.Ordinal) + 1)..]
        : "unknown";

    /// <summary>Clients parse it, so it must be a date;
    /// builds are reproducible, so it is always the same one.</summary>
    public static string BuildDate => "2026-01-01T00:00:00.000000Z";

    private static string? Informational =>
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion;
}
