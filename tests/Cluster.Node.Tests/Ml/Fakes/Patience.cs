namespace MlCluster.Node.Tests.Ml.Fakes;

/// <summary>How long tests wait for what must come; a busy machine is no failure.</summary>
internal static class Patience
{
    /// <summary>Makes the waits of a TestKit as long.</summary>
    public const string Hocon = "akka.test { single-expect-default = 20s, default-timeout = 20s }";

    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
}
