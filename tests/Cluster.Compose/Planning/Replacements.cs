using System.Text.RegularExpressions;
using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Planning;

/// <summary>Says what differs from a run in containers.</summary>
internal static partial class Replacements
{
    public static IReadOnlyList<string> Of(
        ComposeService service,
        StandIn image,
        (string Name, string Address, IReadOnlyDictionary<string, string> Folders) place,
        IReadOnlyDictionary<string, string> written,
        Substitution substitution) =>
    [
        $"image   {service.Image} → {image.Description}",
        $"host    {service.Hostname ?? "a container's own name"} → {place.Address}",
        .. Enumerable.Repeat($"value   MLCLUSTER_NODE_NAME={place.Name}", service.BuildTarget is null ? 0 : 1),
        .. place.Folders.Select(f => $"volume  {Source(service, f.Key)}:{f.Key} → {f.Value}"),
        .. service.Ports.Select(p => $"port    {p} → {place.Address}:{p.Split(':')[^1]}, published nowhere else"),
        .. Enumerable.Repeat("device  reservation → whatever devices this machine has", service.ReservesDevices ? 1 : 0),
        .. written.Where(p => substitution.Apply(p.Value) != p.Value && p.Key != "PATH")
            .Select(p => $"value   {p.Key}={Hidden(p.Value)} → {Hidden(substitution.Apply(p.Value))}"),
    ];

    private static string Source(ComposeService service, string target) =>
        service.Mounts.FirstOrDefault(m => m.Target == target)?.Source ?? "(its own)";

    private static string Hidden(string value) => Password().Replace(value, "${key}…");

    [GeneratedRegex(@"(?<key>password\s*=\s*)[^;\s]+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Password();
}
