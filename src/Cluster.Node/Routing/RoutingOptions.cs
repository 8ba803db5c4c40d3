namespace MlCluster.Node.Routing;

/// <summary>Times of routing; <c>mlcluster.routing</c> in HOCON.</summary>
/// <param name="WithdrawTimeout">For the others to know that this node leaves.</param>
/// <param name="ProbeTimeout">For an address to answer a connection.</param>
/// <param name="ProbeAgainAfter">Until a node to which no way led is called again.</param>
/// <param name="ForgetEndedAfter">Until a node whose process ended is believed in again.</param>
internal sealed record RoutingOptions(
    TimeSpan WithdrawTimeout, TimeSpan ProbeTimeout, TimeSpan ProbeAgainAfter, TimeSpan ForgetEndedAfter)
{
    public static RoutingOptions FromConfig(Akka.Configuration.Config config)
    {
        var section = config.GetConfig("mlcluster.routing");
        return new RoutingOptions(
            section.GetTimeSpan("withdraw-timeout"),
            section.GetTimeSpan("probe-timeout"),
            section.GetTimeSpan("probe-again-after"),
            section.GetTimeSpan("forget-ended-after"));
    }
}
