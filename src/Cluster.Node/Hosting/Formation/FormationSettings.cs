using Akka.Configuration;

namespace MlCluster.Node.Hosting.Formation;

/// <summary>Tunables of <c>mlcluster.database.register</c>.</summary>
/// <param name="BeatInterval">A data node says so often that it lives.</param>
/// <param name="StaleAfter">Who has not said so for so long counts as gone.</param>
internal sealed record FormationSettings(TimeSpan BeatInterval, TimeSpan StaleAfter)
{
    public static FormationSettings FromConfig(Config root)
    {
        var config = root.GetConfig("mlcluster.database.register");
        return new FormationSettings(config.GetTimeSpan("beat-interval"), config.GetTimeSpan("stale-after"));
    }
}
