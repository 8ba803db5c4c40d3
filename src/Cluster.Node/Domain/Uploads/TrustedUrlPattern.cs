using System.Text.RegularExpressions;

namespace MlCluster.Node.Domain.Uploads;

/// <summary>The expression that URLs of uploads are searched for (<c>trusted_url_regex</c>).</summary>
internal static class TrustedUrlPattern
{
    /// <summary>OpenSearch's default.</summary>
    public const string Default =
        "^(https?|ftp|file)://[-a-zA-Z0-9+&@#/%?=~_|!:,.;]*[-a-zA-Z0-9+&@#/%=~_|]";

    /// <summary>An operator's expression may need what the non-backtracking engine lacks: then time bounds
    /// it.</summary>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
    }
}
