using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Body of an unload (contract 3.9).</summary>
/// <param name="ModelIds">Empty: the path names the model.</param>
/// <param name="NodeIds">Words for nodes; empty: all.</param>
internal sealed record UndeployBody(List<string> ModelIds, List<string> NodeIds)
{
    /// <exception cref="ApiException">400: it cannot be read.</exception>
    public static UndeployBody Parse(ReadOnlySpan<byte> body)
    {
        var read = new UndeployBody([], []);
        var json = new JsonPull(body);
        json.BeginObject();
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "model_ids":
                    read = read with { ModelIds = json.Ids(name) };
                    break;
                case "node_ids":
                    read = read with { NodeIds = json.Ids(name) };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return read;
    }
}
