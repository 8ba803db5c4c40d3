using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Stats;

/// <summary>Names of one kind; clients write them in any case, and in OpenSearch's older words.</summary>
/// <param name="Wrong">OpenSearch's text for a name that is none of them.</param>
/// <param name="Names">Today's, in the order of answers.</param>
/// <param name="Older">Older word, today's.</param>
internal sealed record StatNames(
    string Wrong, IReadOnlyList<string> Names, IReadOnlyDictionary<string, string> Older)
{
    /// <summary>Today's name; null: it is none of these.</summary>
    public string? Find(string text)
    {
        var name = text.ToLowerInvariant();
        name = Older.GetValueOrDefault(name, name);
        return Names.Contains(name, StringComparer.Ordinal) ? name : null;
    }

    /// <summary>Today's name.</summary>
    /// <exception cref="ApiException">400: it is none of these.</exception>
    public string Read(string text) => Find(text) ?? throw ApiError.IllegalArgument(
        $"{Wrong}: [{text}]; there are {string.Join(", ", Names)}").ToException();

    /// <summary>Today's names, each once.</summary>
    /// <exception cref="ApiException">400: one is none of these.</exception>
    public IReadOnlyList<string> Read(IEnumerable<string> texts) =>
        [.. texts.Select(Read).Distinct(StringComparer.Ordinal)];
}
