using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Settings;

namespace MlCluster.Node.Tests.Settings;

/// <summary>A node's own copy of the settings.</summary>
public class ClusterSettingsTests
{
    private readonly ClusterSettings _settings = new();

    [Fact]
    public void Current_BeforeAnybodyTold_IsUnknown() => Assert.False(_settings.Current.IsKnown);

    [Fact]
    public void Take_OlderOrTheSame_IsIgnored()
    {
        var told = 0;
        _settings.Listen(() => told++);

        _settings.Take(Version(0));
        _settings.Take(Version(5));
        _settings.Take(Version(4));
        _settings.Take(Version(5));

        Assert.Equal((5L, 2), (_settings.Current.Version, told));
    }

    private static SettingsSnapshot Version(long version) => SettingsSnapshot.Initial with { Version = version };
}
