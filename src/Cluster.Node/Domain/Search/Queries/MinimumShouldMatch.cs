using System.Globalization;

namespace MlCluster.Node.Domain.Search.Queries;

/// <summary>OpenSearch's <c>minimum_should_match</c>: 2, -1, 75%, -25%, or conditions such as 3&lt;90%.</summary>
internal static class MinimumShouldMatch
{
    /// <summary>How many of the optional clauses have to match.</summary>
    /// <exception cref="SearchException">The text is none of these.</exception>
    public static int Of(string text, int clauses)
    {
        if (!text.Contains('<', StringComparison.Ordinal))
        {
            return Math.Max(0, Plain(text.Trim(), clauses));
        }

        var wanted = clauses;
        foreach (var condition in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = condition.Split('<');
            if (parts.Length != 2)
            {
                throw Wrong(text);
            }

            if (clauses <= Number(parts[0]))
            {
                return wanted;
            }

            wanted = Math.Max(0, Plain(parts[1], clauses));
        }

        return wanted;
    }

    private static int Plain(string text, int clauses)
    {
        if (!text.EndsWith('%'))
        {
            var number = Number(text);
            return number < 0 ? clauses + number : number;
        }

        var share = (long)Number(text[..^1]) * clauses / 100;
        return (int)(share < 0 ? clauses + share : share);
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(text);

    private static SearchException Wrong(string text) => new(
        $"For input string: \"{text}\"; minimum_should_match is a number such as 2 or -1, or a share such as 75%");
}
