namespace MlCluster.Node.Gateway.Registration;

/// <summary>Says, before a task is made, why a URL may not be fetched.</summary>
/// <param name="Refusal">URL → reason; null: it may be fetched.</param>
internal sealed record UrlGate(Func<string, string?> Refusal);
