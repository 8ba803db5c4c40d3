namespace MlCluster.Node.Domain.Pretrained;

/// <summary>Where a repository of pretrained models is: a folder of this machine or a base URL.</summary>
/// <param name="Base">Ends in a slash.</param>
internal sealed record RepositoryAddress(Uri Base)
{
    /// <summary>The folder; null: it is a URL.</summary>
    public string? Folder => Base.IsFile ? Base.LocalPath : null;

    /// <summary>Reads a setting; null: none is set.</summary>
    /// <exception cref="FormatException">It is neither a folder nor a URL that can be fetched.</exception>
    public static RepositoryAddress? Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var isUrl = text.Contains("://", StringComparison.Ordinal);
        var address = isUrl ? text : new Uri(Path.GetFullPath(text)).AbsoluteUri;
        return Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" or "file"
            && uri is { UserInfo: "", Query: "", Fragment: "" }
            && !(uri.IsFile && uri.Host.Length > 0)
            ? new RepositoryAddress(uri)
            : throw new FormatException("give a folder, or a base URL with http or https and without user or query");
    }

    /// <summary>The URL of a file below it.</summary>
    /// <param name="path">Its parts with slashes between them.</param>
    public string UrlOf(string path) =>
        Base.AbsoluteUri + string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
