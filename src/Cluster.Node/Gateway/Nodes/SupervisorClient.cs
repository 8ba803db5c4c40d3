using MlCluster.Messages.Deployments;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>Asks the DeploymentSupervisor through this node's proxy.</summary>
internal sealed class SupervisorClient(IClusterClient client, GatewayOptions options, NodeContext context)
    : IClusterIdentity
{
    private const string Proxy = "/user/supervisor-proxy";
    private const string NotAvailable = "_na_";
    private string? _uuid;

    /// <summary>What is wanted where; null: the supervisor cannot be reached, so no data node answers.</summary>
    public async Task<DeploymentsReply?> GetDeploymentsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reply = await client.AskPathAsync<DeploymentsReply>(
                Proxy, new GetDeployments(), options.SupervisorTimeout, cancellationToken);
            if (reply.ClusterUuid.Length > 0)
            {
                _uuid = reply.ClusterUuid;
            }

            return reply;
        }
        catch (ClusterUnavailableException)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public async ValueTask<string> GetUuidAsync(CancellationToken cancellationToken)
    {
        // At the very first start the supervisor is there a moment before the id is in the journal.
        var started = context.Time.GetTimestamp();
        using var timer = new PeriodicTimer(options.HealthPollInterval, context.Time);
        while (_uuid is null
            && await GetDeploymentsAsync(cancellationToken) is { ClusterUuid: "" }
            && context.Time.GetElapsedTime(started) < options.SupervisorTimeout)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return _uuid ?? NotAvailable;
    }
}
