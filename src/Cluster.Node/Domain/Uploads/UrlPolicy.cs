using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace MlCluster.Node.Domain.Uploads;

/// <summary>What uploads by URL may reach.</summary>
/// <param name="TrustedUrl">Searched for in the URL, as OpenSearch does with <c>trusted_url_regex</c>.</param>
/// <param name="AllowPrivateNetworks">Loopback and private ranges; link-local addresses are refused always.</param>
/// <param name="FileFolders">Folders, absolute and free of links, that <c>file:</c> may read.</param>
internal sealed record UrlPolicy(Regex TrustedUrl, bool AllowPrivateNetworks, IReadOnlyList<string> FileFolders)
{
    /// <summary>Redirects that are followed, each checked like the first URL.</summary>
    public const int MaxRedirects = 5;

    /// <summary>Null: the URL may be fetched, as far as its text says.</summary>
    public string? Refusal(string url)
    {
        if (!Matches(url) || !Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            return "URL can't match trusted url regex";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "URL must not carry a user name or password: they would stand in tasks and logs";
        }

        return uri.Scheme switch
        {
            "http" or "https" => IPAddress.TryParse(uri.IdnHost.Trim('[', ']'), out var ip) ? Refusal(ip) : null,
            "file" => FileRefusal(uri),
            _ => $"URL scheme {uri.Scheme} is not supported: use http, https or file",
        };
    }

    /// <summary>Null: the address, of the URL or of what its name resolves to, may be connected to.</summary>
    public string? Refusal(IPAddress address)
    {
        var ip = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IsLinkLocal(ip) || IsNoHost(ip))
        {
            return $"URL leads to {ip}, a link-local or multicast address, which is never fetched";
        }

        return AllowPrivateNetworks || !IsPrivate(ip)
            ? null
            : $"URL leads to {ip}, a loopback or private address, which "
                + "mlcluster.data.uploads.allow-private-networks forbids";
    }

    /// <summary>Null: the file, a path free of links, lies below an allowed folder.</summary>
    public string? FileRefusal(string resolvedPath) =>
        FileFolders.Any(f => IsBelow(f, resolvedPath))
            ? null
            : $"file {resolvedPath} is not below a folder of --allow-files";

    private static bool IsBelow(string folder, string path) => path.StartsWith(
        Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private string? FileRefusal(Uri uri)
    {
        if (!string.IsNullOrEmpty(uri.Host))
        {
            return "file URLs name files of this machine: leave the host empty";
        }

        return FileFolders.Count > 0
            ? null
            : "file URLs are not allowed: start the data nodes with --allow-files and the folder to read from";
    }

    private bool Matches(string url)
    {
        try
        {
            return TrustedUrl.IsMatch(url);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static bool IsLinkLocal(IPAddress ip) =>
        ip.IsIPv6LinkLocal || (ip.AddressFamily == AddressFamily.InterNetwork && In(ip, 169, 254));

    private static bool IsNoHost(IPAddress ip) =>
        ip.IsIPv6Multicast || (ip.AddressFamily == AddressFamily.InterNetwork && ip.GetAddressBytes()[0] >= 224);

    private static bool IsPrivate(IPAddress ip)
    {
        if (IPAddress.IsLoopback(ip) || ip.IsIPv6UniqueLocal || ip.IsIPv6SiteLocal || ip.Equals(IPAddress.IPv6Any))
        {
            return true;
        }

        return ip.AddressFamily == AddressFamily.InterNetwork
            && ip.GetAddressBytes() is var b
            && (b[0] is 0 or 10 || In(ip, 192, 168) || (b[0] == 172 && b[1] is >= 16 and < 32)
                || (b[0] == 100 && b[1] is >= 64 and < 128));
    }

    private static bool In(IPAddress ip, byte first, byte second) =>
        ip.GetAddressBytes() is var b && b[0] == first && b[1] == second;
}
