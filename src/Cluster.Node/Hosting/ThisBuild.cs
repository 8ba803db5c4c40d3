using System.Reflection;

namespace MlCluster.Node.Hosting;

/// <summary>The build of this process.</summary>
internal static class ThisBuild
{
    /// <summary>Version with the commit where the build knew it.</summary>
    public static string Version { get; } =
        typeof(ThisBuild).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
