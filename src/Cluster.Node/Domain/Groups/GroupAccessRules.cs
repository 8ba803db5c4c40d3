using MlCluster.Messages.Groups;

namespace MlCluster.Node.Domain.Groups;

/// <summary>What may be said of who may use a group (contract 8).</summary>
/// <remarks>Rules and texts are OpenSearch's, for a user without backend roles: there are no users here, so what is
/// said is kept and told, and binds nobody.</remarks>
internal static class GroupAccessRules
{
    /// <summary>OpenSearch's refusal while access control is off.</summary>
    public const string SwitchedOff =
        "You cannot specify model access control parameters because the Security plugin or model access control is "
        + "disabled on your cluster.";

    /// <summary>A group whose access nobody has said anything about while access control is off.</summary>
    public static GroupAccess Everybody { get; } = new(AccessMode.Public, []);

    /// <summary>Says what is wrong with the fields of a request; null: nothing.</summary>
    /// <param name="isControlled">Whether access control is on.</param>
    public static string? Problem(AccessFields fields, bool isControlled)
    {
        if (!isControlled)
        {
            return fields.AreSaid ? SwitchedOff : null;
        }

        var hasRoles = fields.BackendRoles is { Count: > 0 };
        var all = fields.AddAllBackendRoles == true;
        return hasRoles && all ? "You cannot specify backend roles and add all backend roles at the same time."
            : fields.Mode is AccessMode.Public or AccessMode.Private && (hasRoles || all)
                ? "You can specify backend roles only for a model group with the restricted access mode."
            : all ? "You must have at least one backend role to register a restricted model group: no user has one "
                + "here, name them in backend_roles"
            : fields.Mode == AccessMode.Restricted && !hasRoles
                ? "You must specify one or more backend roles or add all backend roles to register a restricted model "
                + "group."
            : null;
    }

    /// <summary>What a registration without a problem comes to.</summary>
    public static GroupAccess OfNew(AccessFields fields, bool isControlled) =>
        isControlled ? OfChange(fields) ?? new GroupAccess(AccessMode.Private, []) : Everybody;

    /// <summary>What a change without a problem comes to; null: access stays as it is.</summary>
    public static GroupAccess? OfChange(AccessFields fields) => fields switch
    {
        { BackendRoles: { Count: > 0 } roles } => new GroupAccess(AccessMode.Restricted, roles),
        { Mode: { } mode } => new GroupAccess(mode, []),
        _ => null,
    };
}

/// <summary>The fields of a request that speak of access; null: not said.</summary>
internal sealed record AccessFields(
    AccessMode? Mode = null, IReadOnlyList<string>? BackendRoles = null, bool? AddAllBackendRoles = null)
{
    /// <summary>True when any of them was said.</summary>
    public bool AreSaid => Mode is not null || BackendRoles is not null || AddAllBackendRoles is not null;
}
