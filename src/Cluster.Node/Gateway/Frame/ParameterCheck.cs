using System.Text;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Refuses query parameters that an endpoint does not read, with a hint at what was meant.</summary>
internal static class ParameterCheck
{
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
            string[] near = [.. NearestName.Like(unknown[i], candidates)];
            text.Append(near.Length switch
            {
                0 => "",
                1 => $" -> did you mean [{near[0]}]?",
                _ => $" -> did you mean any of [{string.Join(", ", near)}]?",
            });
        }

        return text.ToString();
    }
}
