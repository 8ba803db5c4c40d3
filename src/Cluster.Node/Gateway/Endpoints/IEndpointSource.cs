using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Some rows of the route table.</summary>
internal interface IEndpointSource
{
    /// <summary>The rows.</summary>
    IEnumerable<ApiEndpoint> Endpoints { get; }
}
