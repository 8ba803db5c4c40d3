using System.Text.Json;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary><c>_cluster/health</c> (contract 9, 18).</summary>
internal sealed class ClusterHealthEndpoints(
    IClusterViewSource views, SupervisorClient supervisor, GatewayOptions options, NodeContext context)
        : IEndpointSource
{
    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        new("GET", "/_cluster/health", GetAsync)
        {
            // The second line changes nothing here; clients send it as a matter of habit.
            Parameters =
            [
                "wait_for_status", "wait_for_nodes", "timeout",
                "level", "local", "master_timeout", "cluster_manager_timeout", "wait_for_active_shards",
                "wait_for_events", "wait_for_no_initializing_shards", "wait_for_no_relocating_shards",
            ],
            Description = new("clusterHealth", "Cluster", "Whether every wanted deployment is served")
            {
                Details = "With `wait_for_status` or `wait_for_nodes`: 408 when it does not come in time.",
                Answer = "ClusterHealth",
                AlsoAnswers = [408],
            },
        },
    ];

    private async ValueTask<ApiAnswer> GetAsync(ApiCall call)
    {
        var wish = HealthWish.Read(call.Query);
        var started = context.Time.GetTimestamp();
        using var timer = new PeriodicTimer(options.HealthPollInterval, context.Time);
        while (true)
        {
            var health = ClusterHealth.Of(views.Current, await supervisor.GetDeploymentsAsync(call.Cancelled));
            var timedOut = !wish.IsMetBy(health);
            if (!timedOut || context.Time.GetElapsedTime(started) >= wish.Timeout)
            {
                return new JsonAnswer(json => Write(json, health, timedOut), timedOut ? 408 : 200);
            }

            await timer.WaitForNextTickAsync(call.Cancelled);
        }
    }

    private void Write(Utf8JsonWriter json, ClusterHealth health, bool timedOut)
    {
        json.WriteStartObject();
        json.WriteString("cluster_name", options.ClusterName);
        json.WriteString("status", health.Status switch
        {
            HealthStatus.Green => "green",
            HealthStatus.Yellow => "yellow",
            _ => "red",
        });
        json.WriteBoolean("timed_out", timedOut);
        json.WriteNumber("number_of_nodes", health.Nodes);
        json.WriteNumber("number_of_data_nodes", health.DataNodes);
        json.WriteBoolean("discovered_master", health.HasSupervisor);
        json.WriteBoolean("discovered_cluster_manager", health.HasSupervisor);
        json.WriteNumber("active_primary_shards", health.ServedModels);
        json.WriteNumber("active_shards", health.ServingReplicas);
        json.WriteNumber("relocating_shards", 0);
        json.WriteNumber("initializing_shards", health.LoadingReplicas);
        json.WriteNumber("unassigned_shards", health.FailedReplicas);
        json.WriteNumber("delayed_unassigned_shards", 0);
        json.WriteNumber("number_of_pending_tasks", 0);
        json.WriteNumber("number_of_in_flight_fetch", 0);
        json.WriteNumber("task_max_waiting_in_queue_millis", 0);
        json.WriteNumber("active_shards_percent_as_number", health.ActivePercent);
        json.WriteEndObject();
    }
}
