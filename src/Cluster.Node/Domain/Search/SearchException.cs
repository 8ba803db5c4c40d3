namespace MlCluster.Node.Domain.Search;

/// <summary>A query that no index of this kind can answer; the client's mistake, in OpenSearch's words.</summary>
internal sealed class SearchException(string message) : Exception(message);
