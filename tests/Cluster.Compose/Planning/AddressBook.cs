using System.Globalization;
using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Planning;

/// <summary>Gives each replica a loopback address, the same in every run of the same file.</summary>
/// <param name="Network">First two numbers.</param>
/// <param name="Services">In the order of the file.</param>
internal sealed record AddressBook(string Network, IReadOnlyList<ComposeService> Services)
{
    /// <summary>Service and number of the replica, from 1, are the last two numbers.</summary>
    public string AddressOf(ComposeService service, int number)
    {
        var index = Services.TakeWhile(s => s.Name != service.Name).Count();
        return string.Create(CultureInfo.InvariantCulture, $"{Network}.{index + 1}.{number}");
    }

    /// <summary>Addresses by the names that containers find others by; a name of several gives the first.</summary>
    public IReadOnlyDictionary<string, string> Hosts() => Services
        .SelectMany(s => new[] { s.Name, s.Hostname }.OfType<string>().Select(name => (name, Address: AddressOf(s, 1))))
        .DistinctBy(h => h.name, StringComparer.Ordinal)
        .ToDictionary(h => h.name, h => h.Address, StringComparer.Ordinal);

    public static string NameOf(ComposeService service, int number) =>
        service.Hostname ?? string.Create(CultureInfo.InvariantCulture, $"{service.Name}-{number}");
}
