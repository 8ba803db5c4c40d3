using MlCluster.Messages.Inference;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>One request on its way through an endpoint.</summary>
/// <param name="Http">The request itself.</param>
/// <param name="Target">Its path and query.</param>
/// <param name="Template">Segments of the endpoint's template.</param>
/// <param name="Query">Its query parameters.</param>
/// <param name="Body">Its body, read already; empty when there is none or the endpoint streams it.</param>
internal sealed record ApiCall(
    HttpContext Http, RequestTarget Target, string[] Template, QueryParameters Query, ReadOnlyMemory<byte> Body)
{
    /// <summary>Ends when the client is gone.</summary>
    public CancellationToken Cancelled => Http.RequestAborted;

    /// <summary>Id of the request in logs.</summary>
    public string RequestId => Http.TraceIdentifier;

    /// <summary>The trace that the client's request is a part of; null: none.</summary>
    public TraceContext? ClientTrace => RequestSpan.ClientOf(Http.Request.Headers);

    /// <summary>The decoded segment at a placeholder.</summary>
    public string Segment(string placeholder) => Target.Segments[Array.IndexOf(Template, placeholder)];
}
