namespace MlCluster.Node.Hosting;

/// <summary>Finds the name that a misspelt one may have meant.</summary>
internal static class NearestName
{
    // OpenSearch's threshold for parameters: closer than half of the longer name.
    private const double SimilarEnough = 0.5;

    /// <summary>The nearest name, however far it is.</summary>
    public static string Of(string name, IEnumerable<string> known) =>
        known.OrderByDescending(k => Similarity(name, k)).ThenBy(k => k, StringComparer.Ordinal).First();

    /// <summary>Names that are near enough to be meant, the nearest first.</summary>
    public static IEnumerable<string> Like(string name, IEnumerable<string> known) => known
        .Select(k => (Name: k, Score: Similarity(name, k)))
        .Where(k => k.Score > SimilarEnough)
        .OrderByDescending(k => k.Score).ThenBy(k => k.Name, StringComparer.Ordinal)
        .Select(k => k.Name);

    /// <summary>1 for equal texts, 0 for texts that share nothing: one minus edit distance ÷ longer length.</summary>
    public static double Similarity(string a, string b)
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
