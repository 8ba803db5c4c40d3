using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using MlCluster.Messages;

namespace MlCluster.Node.Data.Groups;

/// <summary>Model groups and their names are entities of one region; each is called as its journal is.</summary>
internal static class GroupEntities
{
    /// <summary>What journals of groups begin with.</summary>
    public const string Group = "group-";

    // A name is any text; what is kept under it goes by its hash.
    private const string Name = "groupname-";

    /// <summary>The entity that a message is for; null: none.</summary>
    public static string? IdOf(object message) => message switch
    {
        IWithModelGroupId group => Group + group.GroupId,
        IWithGroupName name => Name + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.Name))),
        _ => null,
    };

    /// <summary>Makes an entity by its id.</summary>
    public static Props PropsOf(string entityId, DataOptions options, TimeProvider time) =>
        entityId.StartsWith(Name, StringComparison.Ordinal)
            ? GroupNameActor.Props(entityId, options, time)
            : ModelGroupActor.Props(new ModelGroupId(entityId[Group.Length..]), options, time);
}
