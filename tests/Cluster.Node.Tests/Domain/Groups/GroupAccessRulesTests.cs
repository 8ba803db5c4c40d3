using MlCluster.Messages.Groups;
using MlCluster.Node.Domain.Groups;

namespace MlCluster.Node.Tests.Domain.Groups;

public sealed class GroupAccessRulesTests
{
    private static readonly string[] Roles = ["IT", "HR"];

    public static TheoryData<AccessMode?, bool, bool?, string> Wrong => new()
    {
        { AccessMode.Public, true, null, "You can specify backend roles only for a model group with the restricted" },
        { AccessMode.Private, false, true, "You can specify backend roles only for a model group with the restricted" },
        { AccessMode.Restricted, false, null, "You must specify one or more backend roles or add all backend roles" },
        { AccessMode.Restricted, true, true, "You cannot specify backend roles and add all backend roles at the same" },
        { null, false, true, "You must have at least one backend role to register a restricted model group" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Problem_FieldsThatContradict_IsNamed(AccessMode? mode, bool hasRoles, bool? all, string problem) =>
        Assert.StartsWith(
            problem,
            GroupAccessRules.Problem(new AccessFields(mode, hasRoles ? Roles : null, all), isControlled: true),
            StringComparison.Ordinal);

    [Fact]
    public void Problem_AnythingSaidWhileSwitchedOff_IsRefused()
    {
        Assert.Null(GroupAccessRules.Problem(new AccessFields(), isControlled: false));
        foreach (var fields in new[]
        {
            new AccessFields(Mode: AccessMode.Public),
            new AccessFields(BackendRoles: []),
            new AccessFields(AddAllBackendRoles: false),
        })
        {
            Assert.Equal(
                "You cannot specify model access control parameters because the Security plugin or model access "
                + "control is disabled on your cluster.",
                GroupAccessRules.Problem(fields, isControlled: false));
        }
    }

    [Theory]
    [InlineData(null, false, AccessMode.Private)]
    [InlineData(null, true, AccessMode.Restricted)]
    [InlineData(AccessMode.Public, false, AccessMode.Public)]
    [InlineData(AccessMode.Restricted, true, AccessMode.Restricted)]
    public void OfNew_FieldsWithoutAProblem_SayTheMode(AccessMode? mode, bool hasRoles, AccessMode expected)
    {
        var fields = new AccessFields(mode, hasRoles ? Roles : null);

        var access = GroupAccessRules.OfNew(fields, isControlled: true);

        Assert.Null(GroupAccessRules.Problem(fields, isControlled: true));
        Assert.Equal(expected, access.Mode);
        Assert.Equal(hasRoles ? Roles : [], access.BackendRoles);
    }

    [Fact]
    public void OfNew_SwitchedOff_IsEverybodys() =>
        Assert.Equal(AccessMode.Public, GroupAccessRules.OfNew(new AccessFields(), isControlled: false).Mode);

    [Fact]
    public void OfChange_NothingSaid_ChangesNothing() => Assert.Null(GroupAccessRules.OfChange(new AccessFields()));
}
