using MlCluster.Messages;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Search;

/// <summary>Asks data nodes for documents: this one where it is one, else another at each turn.</summary>
internal sealed class SearchClient(
    IClusterClient client, IClusterViewSource views, NodeWatch watch, GatewayOptions options, NodeContext context)
{
    private const string Path = "/user/document-search";
    private int _turn;

    /// <summary>All hits that were asked for, from as many messages as they take.</summary>
    /// <exception cref="ApiException">The search was refused.</exception>
    /// <exception cref="ClusterUnavailableException">No data node answered.</exception>
    public async Task<DocumentsFound> SearchAsync(DocumentKind kind, SearchBody body, CancellationToken cancelled)
    {
        var query = SearchQueryBytes.Encode(body.Query);
        if (query.Length > options.Predict.MaxMessageBytes)
        {
            throw ApiError.IllegalArgument(
                $"the query has {query.Length} bytes, more than the {options.Predict.MaxMessageBytes} of a message "
                + "between nodes; search for fewer values",
                StatusCodes.Status413PayloadTooLarge).ToException();
        }

        var search = new SearchDocuments(
            kind, query, body.Sort, body.After, body.From, body.Size, body.MinScore);
        var found = await AskAsync(search, cancelled);
        if (!found.IsCut)
        {
            return found;
        }

        var hits = new List<SearchHit>(found.Hits);
        for (var last = found; last.IsCut && last.Hits.Count > 0;)
        {
            last = await AskAsync(
                search with { From = body.From + hits.Count, Size = body.Size - hits.Count }, cancelled);
            hits.AddRange(last.Hits);
        }

        // A document that changed meanwhile may have moved behind those that were there before.
        return found with { Hits = [.. hits.DistinctBy(h => h.Id)] };
    }

    private async Task<DocumentsFound> AskAsync(SearchDocuments search, CancellationToken cancelled)
    {
        ClusterUnavailableException? silence = null;
        foreach (var node in Nodes())
        {
            try
            {
                return Found(await AskAsync(node, search, cancelled));
            }
            catch (ClusterUnavailableException e)
            {
                silence = e;
            }
        }

        throw silence ?? new ClusterUnavailableException(
            "no data node is known to this gateway; send the request again later");
    }

    private static DocumentsFound Found(IClusterProtocol reply) => reply switch
    {
        DocumentsFound found => found,
        SearchRejected refused => throw ErrorMapping.Of(refused.Error).ToException(),
        var other => throw new InvalidOperationException($"{other.GetType().Name} came in answer to a search"),
    };

    /// <param name="node">Null: this one.</param>
    /// <exception cref="ClusterUnavailableException">No answer in time, or the node or the connection is lost.</exception>
    private async Task<IClusterProtocol> AskAsync(
        NodeDeployments? node, SearchDocuments search, CancellationToken cancelled)
    {
        if (node is null)
        {
            return await client.AskPathAsync<IClusterProtocol>(Path, search, options.SearchTimeout, cancelled);
        }

        using var call = watch.Enter(node, cancelled);
        try
        {
            return await client.AskPathAsync<IClusterProtocol>(
                node.Address + Path, search, options.SearchTimeout, call.Token);
        }
        catch (OperationCanceledException) when (call.IsLost)
        {
            throw new ClusterUnavailableException(
                $"data node {node.NodeId} was lost while it searched; send the request again");
        }
    }

    // Two at most: a client waits for each. Null: this one.
    private IEnumerable<NodeDeployments?> Nodes()
    {
        var own = context.Options.HasRole(NodeRole.Data) ? (NodeDeployments?[])[null] : [];
        NodeDeployments[] others =
        [
            .. views.Current.Nodes.Values
                .Where(n => n.Roles.Contains(NodeRole.Data, StringComparer.Ordinal) && n.NodeId != context.NodeId)
                .OrderBy(n => n.NodeId.Value, StringComparer.Ordinal),
        ];
        var first = (uint)Interlocked.Increment(ref _turn);
        return own
            .Concat(others.Select((_, i) => others[(first + i) % others.Length]))
            .Take(2);
    }
}
