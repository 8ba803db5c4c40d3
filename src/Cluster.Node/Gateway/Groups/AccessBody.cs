using MlCluster.Messages.Groups;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Domain.Groups;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Groups;

/// <summary>Reads the fields that say who may use a group (contract 8).</summary>
internal static class AccessBody
{
    private const int MaxRoles = 1_000;
    private const int LongestRole = 1_000;

    /// <summary>Reads one field; null: it is none of these.</summary>
    /// <exception cref="ApiException">400: its value is wrong.</exception>
    public static AccessFields? Read(AccessFields fields, string name, ref JsonPull json) => name switch
    {
        "access_mode" => fields with { Mode = Mode(json.Text()) },
        "backend_roles" => fields with { BackendRoles = Roles(json.Texts()) },
        "add_all_backend_roles" => fields with { AddAllBackendRoles = json.Boolean() },
        _ => null,
    };

    /// <summary>Refuses what may not be said.</summary>
    /// <exception cref="ApiException">400.</exception>
    public static void Check(AccessFields fields, bool isControlled)
    {
        if (GroupAccessRules.Problem(fields, isControlled) is { } problem)
        {
            throw ApiError.IllegalArgument(problem).ToException();
        }
    }

    private static AccessMode Mode(string text)
    {
        foreach (var mode in Enum.GetValues<AccessMode>())
        {
            if (Words.Of(mode) == text)
            {
                return mode;
            }
        }

        var known = string.Join(", ", Enum.GetValues<AccessMode>().Select(m => Words.Of(m)));
        throw ApiError.IllegalArgument($"Wrong access value: [{text}]; it can be {known}").ToException();
    }

    private static List<string> Roles(List<string> roles) =>
        roles.Count <= MaxRoles && roles.TrueForAll(r => r.Length <= LongestRole)
            ? [.. roles.Distinct(StringComparer.Ordinal)]
            : throw ApiError.IllegalArgument(
                $"backend_roles: give at most {MaxRoles}, each of at most {LongestRole} characters").ToException();
}
