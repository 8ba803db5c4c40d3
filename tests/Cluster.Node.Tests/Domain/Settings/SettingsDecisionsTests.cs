using System.Text.RegularExpressions;
using CsCheck;
using MlCluster.Messages;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Tests.Domain.Settings;

/// <summary>What a change of settings leads to.</summary>
public class SettingsDecisionsTests
{
    private const string Models = "plugins.ml_commons.max_model_on_node";
    private const string Url = "plugins.ml_commons.allow_registering_model_via_url";
    private const string Names = "plugins.ml_commons.exclude_nodes._name";
    private const string Redeploy = "plugins.ml_commons.model_auto_redeploy.enable";

    private static readonly Gen<SettingChange> Changes = Gen.OneOf(
        Gen.Select(Pick(Models, "plugins.ml_commons.max_ml_task_per_node"), Gen.Int[0, 3],
            (name, number) => new SettingChange(name, number > 2 ? null : $"{number}")),
        Gen.Select(
            Pick(Url, Redeploy), Gen.Bool, (name, on) => new SettingChange(name, on ? "true" : "false")),
        Pick("plugins.ml_commons.*", "plugins.*model*", "*").Select(name => new SettingChange(name, null)));

    private static readonly Gen<ChangeSettings> Commands = Gen.Select(
        Changes.Array[0, 4], Changes.Array[0, 4], (p, t) => new ChangeSettings(Once(p), Once(t)));

    [Fact]
    public void Decide_Set_IsSavedAndTransientWins()
    {
        var state = Do(SettingsSnapshot.Initial, Change([new(Models, "3")], [new(Models, "4"), new(Url, "false")]));

        Assert.Equal((1L, 4), (state.Version, state.Get(MlSettings.MaxModelOnNode, 10)));
        Assert.False(state.Get(MlSettings.AllowUrl));
        state = Do(state, Change([], [new(Models, null)]));
        Assert.Equal(3, state.Get(MlSettings.MaxModelOnNode, 10));
        state = Do(state, Change([new(Models, null)], []));
        Assert.Equal(10, state.Get(MlSettings.MaxModelOnNode, 10));
    }

    [Fact]
    public void Decide_Wildcard_ResetsOfItsKindAlone()
    {
        var state = Do(
            SettingsSnapshot.Initial, Change([new(Models, "3"), new(Redeploy, "false")], [new(Url, "false")]));

        var less = Do(state, Change([new("plugins.ml_commons.model_*", null)], []));
        Assert.Equal([Models], less.Persistent.Keys);
        var none = Do(state, Change([new("plugins.ml_commons.*", null)], []));
        Assert.Empty(none.Persistent);
        Assert.Equal([Url], none.Transient.Keys);
    }

    [Fact]
    public void Decide_WildcardTogetherWithASetting_LeavesWhatIsSet()
    {
        var state = Do(SettingsSnapshot.Initial, Change([new(Models, "3"), new(Redeploy, "false")], []));

        var changed = Do(state, Change([new(Models, "4"), new("plugins.ml_commons.*", null)], []));

        Assert.Equal([KeyValuePair.Create(Models, "4")], changed.Persistent);
    }

    [Theory]
    [InlineData("plugins.ml_commons.x", "1", "persistent setting [plugins.ml_commons.x], not recognized")]
    [InlineData("plugins.ml_commons.x", null, "persistent setting [plugins.ml_commons.x], not recognized")]
    [InlineData("plugins.*.x", null, "persistent setting [plugins.*.x], not recognized")]
    [InlineData("plugins.ml_commons.*", "1", "persistent setting [plugins.ml_commons.*], not recognized")]
    [InlineData(
        "plugins.ml_commons.multi_tenancy_enabled", "true",
        "persistent setting [plugins.ml_commons.multi_tenancy_enabled], not dynamically updateable")]
    [InlineData(Models, "20000", $"Failed to parse value [20000] for setting [{Models}] must be <= 10000")]
    public void Decide_OneChangeIsWrong_NothingChanges(string name, string? value, string reason)
    {
        var decision = SettingsDecisions.Decide(
            SettingsSnapshot.Initial, Change([new(Url, "false"), new(name, value)], []), now: 5);

        Assert.Equal(new ProtocolError(ErrorCode.IllegalArgument, reason), decision.Refusal);
        Assert.Null(decision.Event);
    }

    [Fact]
    public void Decide_BeyondTheLimits_IsRefused()
    {
        SettingChange[] all = [.. Enumerable.Range(0, 1001).Select(n => new SettingChange($"a{n}*", null))];
        Assert.Equal("a request changes at most 1000 settings", Reason(all));
        Assert.Null(Reason(all[1..]));
        Assert.EndsWith(
            "…], not recognized",
            Reason(new SettingChange(new string('a', 501) + "*", null)),
            StringComparison.Ordinal);
        Assert.Equal(
            $"Failed to parse value of 20001 characters for setting [{Names}]: give at most 20000",
            Reason(new SettingChange(Names, new string('a', 20_001))));
        Assert.Null(Reason(new SettingChange(Names, new string('a', 20_000))));
    }

    [Fact]
    public void Decide_TransientIsWrong_SaysSo() => Assert.Equal(
        "transient setting [a.b], not recognized",
        SettingsDecisions.Decide(SettingsSnapshot.Initial, Change([], [new("a.b", "1")]), 5).Refusal!.Reason);

    [Fact]
    public void Decide_WhatIsSoAlready_IsNoEvent()
    {
        var state = Do(SettingsSnapshot.Initial, Change([new(Models, "3")], []));

        Assert.Equal(SettingsDecision.Unchanged, SettingsDecisions.Decide(state, Change([new(Models, "3")], []), 6));
        Assert.Equal(
            SettingsDecision.Unchanged, SettingsDecisions.Decide(state, Change([], [new("plugins.*", null)]), 6));
    }

    [Fact]
    public void Restarted_TransientSettings_AreGoneAndPersistentOnesStay()
    {
        var state = Do(SettingsSnapshot.Initial, Change([new(Models, "3")], [new(Url, "false")]));

        var restarted = SettingsDecisions.Apply(SettingsDecisions.Restarted(state, 6)!, 2);

        Assert.Equal([Models], restarted.Persistent.Keys);
        Assert.Empty(restarted.Transient);
        Assert.Null(SettingsDecisions.Restarted(restarted, 7));
    }

    // The gateway sends a command again when its answer was lost.
    [Fact]
    public void Decide_AnyCommandsThenTheLastAgain_ChangesNothingMore() => Commands.Array[1, 5].Sample(commands =>
    {
        var state = commands.Aggregate(SettingsSnapshot.Initial, Do);

        Assert.Equal(SettingsDecision.Unchanged, SettingsDecisions.Decide(state, commands[^1], 9));
    });

    [Fact]
    public void Decide_AnyCommands_LeaveWhatTheLastChangeOfEachNameSaid() => Commands.Array[1, 5].Sample(commands =>
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var change in commands.SelectMany(c => c.Persistent.OrderBy(p => p.Value is not null)))
        {
            var reset = expected.Keys.Where(n => change.Value is null && Wildcard.Matches(change.Name, n));
            foreach (var name in reset.ToList())
            {
                expected.Remove(name);
            }

            if (change.Value is not null)
            {
                expected[change.Name] = change.Value;
            }
        }

        Assert.Equal(expected, commands.Aggregate(SettingsSnapshot.Initial, Do).Persistent);
    });

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*", "abc", true)]
    [InlineData("a*c", "abc", true)]
    [InlineData("a*c", "abd", false)]
    [InlineData("*b*", "abc", true)]
    [InlineData("a**", "a", true)]
    [InlineData("abc", "ab", false)]
    [InlineData("a.c", "abc", false)]
    public void Wildcard_Matches_TheWholeText(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Wildcard.Matches(pattern, text));

    [Fact]
    public void Wildcard_Any_AgreesWithARegularExpression() => Gen
        .Select(Pick('a', 'b', '*').Array[0, 8], Pick('a', 'b').Array[0, 8])
        .Sample((pattern, text) => Assert.Equal(
            Regex.IsMatch(
                new string(text),
                $"^{new string(pattern).Replace("*", ".*", StringComparison.Ordinal)}$",
                RegexOptions.NonBacktracking,
                TimeSpan.FromSeconds(10)),
            Wildcard.Matches(pattern, text)));

    // What an earlier version took may be no value any more: the default holds then.
    [Fact]
    public void Get_ValueThatIsNoneAnyMore_IsTheDefault() => Assert.Equal(
        7, SettingsSnapshot.Of(1, [new(Models, "1000000")], []).Get(MlSettings.MaxModelOnNode, 7));

    [Fact]
    public void Get_OlderName_HoldsUntilTheNewerIsSet()
    {
        var state = Do(SettingsSnapshot.Initial, Change([new(MlSettings.MaxLoadTasks.Name, "2")], []));
        Assert.Equal(2, state.Get(MlSettings.MaxDeployTasks, MlSettings.MaxLoadTasks, 10));

        state = Do(state, Change([new(MlSettings.MaxDeployTasks.Name, "5")], []));
        Assert.Equal(5, state.Get(MlSettings.MaxDeployTasks, MlSettings.MaxLoadTasks, 10));
    }

    private static SettingsSnapshot Do(SettingsSnapshot state, ChangeSettings command)
    {
        var decision = SettingsDecisions.Decide(state, command, 5);
        Assert.Null(decision.Refusal);
        return decision.Event is { } e ? SettingsDecisions.Apply(e, state.Version + 1) : state;
    }

    private static string? Reason(params SettingChange[] persistent) =>
        SettingsDecisions.Decide(SettingsSnapshot.Initial, Change(persistent, []), 5).Refusal?.Reason;

    private static ChangeSettings Change(SettingChange[] persistent, SettingChange[] transient) =>
        new(persistent, transient);

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // A body has each name once.
    private static SettingChange[] Once(SettingChange[] changes) => [.. changes.DistinctBy(c => c.Name)];
}
