using System.Text;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Refuses query parameters that an endpoint does not read, with a hint at what was meant.</summary>
internal static class ParameterCheck
{
    // OpenSearch's threshold: closer than half of the longer name.
    private const double SimilarEnough = 0.5;

    /// <summary>Throws when a parameter is unknown to the endpoint.</summary>
    public static void Check(string path, QueryParameters query, IReadOnlyList<string> known)
    {
        if (query.Count == 0)
        {
            return;
        }

        string[] candidates = [.. known, .. CommonParameters.Names];
        string[] unknown = [.. query.Names.Except(candidates, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            throw ApiError.IllegalArgument(Describe(path, unknown, candidates)).ToException();
        }
    }

    private static string Describe(string path, string[] unknown, string[] candidates)
    {
        var text = new StringBuilder(
            $"request [{path}] contains unrecognized parameter{(unknown.Length > 1 ? "s" : "")}: ");
        for (var i = 0; i < unknown.Length; i++)
        {
            text.Append(i > 0 ? ", " : "").Append('[').Append(unknown[i]).Append(']');
            string[] near = [.. candidates
                .Select(c => (Name: c, Score: Similarity(unknown[i], c)))
                .Where(c => c.Score > SimilarEnough)
                .OrderByDescending(c => c.Score).ThenBy(c => c.Name, StringComparer.Ordinal)
                .Select(c => c.Name)];
            text.Append(near.Length switch
            {
                0 => "",
                1 => $" -> did you mean [{near[0]}]?",
                _ => $" -> did you mean any of [{string.Join(", ", near)}]?",
            });
        }

        return text.ToString();
    }

    /// <summary>1 for equal texts, 0 for texts that share nothing: one minus edit distance ÷ longer length.</summary>
    internal static double Similarity(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, 1 + Math.Min(previous[j], current[j - 1]));
            }

            previous = current;
        }

        return 1.0 - ((double)previous[b.Length] / Math.Max(1, Math.Max(a.Length, b.Length)));
    }
}
