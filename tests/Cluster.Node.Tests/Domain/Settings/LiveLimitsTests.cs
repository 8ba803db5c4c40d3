using Akka.Configuration;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Domain.Uploads;
using MlCluster.Node.Hosting;
using MlCluster.Node.Ml;
using MlCluster.Node.Settings;
using MlCluster.Node.Tests.Data.Support;

namespace MlCluster.Node.Tests.Domain.Settings;

/// <summary>Settings over the node's own configuration.</summary>
public class LiveLimitsTests
{
    private static readonly ModelLimits Models = new()
    {
        TaskTimeout = TimeSpan.FromSeconds(7),
        DiskFreeThresholdBytes = 70,
        Placement = PlacementRules.Default with { ExcludedNames = ["old"] },
    };

    private static readonly HostLimits Host = new(7, 6, 70, 0.5);

    [Fact]
    public void With_NothingSet_KeepsTheConfiguration()
    {
        var (models, host) = (Models.With(SettingsSnapshot.Initial), Host.With(SettingsSnapshot.Initial));

        Assert.Equal((Models.TaskTimeout, 70L), (models.TaskTimeout, models.DiskFreeThresholdBytes));
        Assert.True(models.RedeploysByItself);
        Assert.Equal(["old"], models.Placement.ExcludedNames);
        Assert.Equal(Host, host);
    }

    [Fact]
    public void With_Set_GoesByTheSettings()
    {
        var settings = Set(
            (MlSettings.TaskTimeoutSeconds, "30"),
            (MlSettings.DiskFreeSpaceThreshold, "1kb"),
            (MlSettings.ExcludeNodeNames, "a, b"),
            (MlSettings.AutoRedeploy, "false"),
            (MlSettings.MaxModelOnNode, "3"),
            (MlSettings.MaxLoadTasks, "2"));

        var models = Models.With(settings);
        Assert.Equal((TimeSpan.FromSeconds(30), 1024L), (models.TaskTimeout, models.DiskFreeThresholdBytes));
        Assert.False(models.RedeploysByItself);
        Assert.Equal(["a", "b"], models.Placement.ExcludedNames);
        Assert.Equal(new HostLimits(3, 2, 1024, 0.5), Host.With(settings));
    }

    [Fact]
    public void PlacementUnder_Set_IsNotWhatTheNodeSaysOfItself()
    {
        var node = FakeViews.Node(Some.NodeA, "akka://a") with
        {
            Devices = [new NodeDevice("cpu", "CPU", 1000)],
            Capacity = new NodeCapacity(7, 850),
        };
        var eligible = new EligibleNode(node, PlacementNode.Of(node));

        var own = eligible.PlacementUnder(SettingsSnapshot.Initial);
        Assert.Equal((7, 850L), (own.MaxModels, own.MemoryBytes));
        var set = eligible.PlacementUnder(
            Set((MlSettings.MaxModelOnNode, "3"), (MlSettings.NativeMemoryThreshold, "40")));
        Assert.Equal((3, 400L), (set.MaxModels, set.MemoryBytes));
    }

    [Fact]
    public void With_SwitchedOff_IsNotTheConfiguration()
    {
        var settings = Set((MlSettings.DiskFreeSpaceThreshold, "-1"), (MlSettings.ExcludeNodeNames, ""));

        Assert.Equal(0, Models.With(settings).DiskFreeThresholdBytes);
        Assert.Empty(Models.With(settings).Placement.ExcludedNames);
        Assert.Equal(0, Host.With(settings).MinFreeDiskBytes);
    }

    [Fact]
    public void With_TrustedUrl_IsTheOneThatIsSearchedFor()
    {
        var policy = new UrlPolicy(TrustedUrlPattern.Compile(TrustedUrlPattern.Default), true, [])
            .With(Set((MlSettings.TrustedUrlRegex, "^https://good\\.example/")));

        Assert.Null(policy.Refusal("https://good.example/a.zip"));
        Assert.Equal("URL can't match trusted url regex", policy.Refusal("https://bad.example/a.zip"));
    }

    [Fact]
    public void Defaults_OfTheShippedFiles_AreThoseOfTheCatalog()
    {
        var defaults = ConfiguredDefaults.Of(HoconFiles.Load(new NodeOptions()));

        Assert.Equal(
            SettingsCatalog.All.Select(s => KeyValuePair.Create(s.Name, s.Default)), defaults);
    }

    [Fact]
    public void Defaults_ConfiguredValues_AreTold()
    {
        var defaults = ConfiguredDefaults.Of(ConfigurationFactory.ParseString("""
            mlcluster.ml { max-models = 3, max-concurrent-loads = 4, memory-share = 0.7 }
            mlcluster.data.task-timeout = 2m
            mlcluster.disk-free-space-threshold = -1
            """));

        Assert.Equal("3", defaults[MlSettings.MaxModelOnNode.Name]);
        Assert.Equal("4", defaults[MlSettings.MaxDeployTasks.Name]);
        Assert.Equal("70", defaults[MlSettings.NativeMemoryThreshold.Name]);
        Assert.Equal("120", defaults[MlSettings.TaskTimeoutSeconds.Name]);
        Assert.Equal("-1", defaults[MlSettings.DiskFreeSpaceThreshold.Name]);
    }

    private static SettingsSnapshot Set(params (Setting Setting, string Value)[] values) =>
        SettingsSnapshot.Of(1, values.Select(v => new Messages.Settings.SettingEntry(v.Setting.Name, v.Value)), []);
}
