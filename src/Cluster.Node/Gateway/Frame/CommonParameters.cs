using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Parameters that every endpoint reads (contract 1.3).</summary>
/// <param name="Pretty">Indent the answer.</param>
/// <param name="ErrorTrace">Tell stack traces.</param>
/// <param name="Filter">Parts of the answer that are wanted; null: all.</param>
internal sealed record CommonParameters(bool Pretty, bool ErrorTrace, FilterPath? Filter)
{
    /// <summary>Nothing was asked for.</summary>
    public static CommonParameters Default { get; } = new(false, false, null);

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["pretty", "human", "error_trace", "filter_path", "format"];

    /// <summary>Reads them; <c>human</c> is checked and changes nothing,
    /// since no answer has two ways to say a number.</summary>
    public static CommonParameters Read(QueryParameters query, bool textAllowed)
    {
        if (query.Count == 0)
        {
            return Default;
        }

        _ = query.GetBoolean("human");
        CheckFormat(query.Get("format"), textAllowed);
        return new CommonParameters(
            query.GetBoolean("pretty"), query.GetBoolean("error_trace"), FilterPath.Parse(query.Get("filter_path")));
    }

    private static void CheckFormat(string? format, bool textAllowed)
    {
        var known = format is null or "" or "json" || (textAllowed && format is "text" or "txt");
        if (!known)
        {
            throw ApiError.Short(406, $"format [{format}] is not supported; this server answers [json]").ToException();
        }
    }
}
