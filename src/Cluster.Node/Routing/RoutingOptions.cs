namespace MlCluster.Node.Routing;

/// <summary>Times of routing; <c>mlcluster.routing</c> in HOCON.</summary>
/// <param name="WithdrawTimeout">For the others to know that this node leaves.</param>
/// <param name="ProbeTimeout">For a port to refuse a connection.</param>
/// <param name="ForgetEndedAfter">Until a node whose process ended is believed in again.</param>
internal sealed record RoutingOptions(TimeSpan WithdrawTimeout, TimeSpan ProbeTimeout, TimeSpan ForgetEndedAfter)
{
    public static RoutingOptions FromConfig(Akka.Configuration.Config config)
    {
        var section = config.GetConfig("mlcluster.routing");
        return new RoutingOptions(
            section.GetTimeSpan("withdraw-timeout"),
            section.GetTimeSpan("probe-timeout"),
            section.GetTimeSpan("forget-ended-after"));
    }
}
