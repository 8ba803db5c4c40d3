using System.Collections.Immutable;
using System.Text.Json;
using MlCluster.Messages;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Hosting;
using MlCluster.Node.Settings;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary><c>_cluster/settings</c> (contract 9, 13).</summary>
internal sealed class SettingsEndpoints(IClusterClient client, IClusterSettings settings, NodeContext context)
    : IEndpointSource
{
    private const string Path = "/_cluster/settings";
    private const string Flat = "flat_settings";
    private const string WithDefaults = "include_defaults";

    private readonly ImmutableSortedDictionary<string, string> _defaults = ConfiguredDefaults.Of(context.Config);

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        // The last ones change nothing here; clients send them as a matter of habit.
        new("GET", Path, GetAsync)
        {
            Parameters = [Flat, WithDefaults, "local", "timeout", "master_timeout", "cluster_manager_timeout"],
            Description = new("getSettings", "Cluster", "Settings of the cluster") { Answer = "Settings" },
        },
        new("PUT", Path, PutAsync)
        {
            Body = BodyRule.Required,
            Parameters = [Flat, "timeout", "master_timeout", "cluster_manager_timeout"],
            Description = new("putSettings", "Cluster", "Change settings of the cluster")
            {
                Details = "Every node holds to the change when the answer comes. `null` takes a setting back, a name "
                    + "with `*` all that it means.",
                Request = "SettingsChange",
                Answer = "SettingsChanged",
            },
        },
    ];

    // A change is answered when all nodes have it, so this node's own snapshot is no older than any answer.
    private ValueTask<ApiAnswer> GetAsync(ApiCall call)
    {
        var (flat, withDefaults) = (call.Query.GetBoolean(Flat), call.Query.GetBoolean(WithDefaults));
        var current = settings.Current;
        if (!current.IsKnown)
        {
            throw ErrorMapping.Of(new ProtocolError(
                ErrorCode.Unavailable, "the cluster's settings are not known to this node yet; retry later"))
                .ToException();
        }

        return new(new JsonAnswer(json =>
        {
            json.WriteStartObject();
            SettingsWriter.Write(json, "persistent", current.Persistent, flat);
            SettingsWriter.Write(json, "transient", current.Transient, flat);
            if (withDefaults)
            {
                var unset = _defaults.RemoveRange(current.Persistent.Keys).RemoveRange(current.Transient.Keys);
                SettingsWriter.Write(json, "defaults", unset, flat);
            }

            json.WriteEndObject();
        }));
    }

    private async ValueTask<ApiAnswer> PutAsync(ApiCall call)
    {
        var flat = call.Query.GetBoolean(Flat);
        var command = SettingsBody.Parse(call.Body.Span);
        Refuse(SettingsDecisions.Refusal(command));
        var changed = await client.AskSettingsAsync(command, call.Cancelled) switch
        {
            SettingsChanged accepted => accepted,
            SettingsRejected rejected => throw ErrorMapping.Of(rejected.Error).ToException(),
            var other => throw new InvalidOperationException($"{other.GetType().Name} came in answer to a change"),
        };
        return new JsonAnswer(json => Write(json, changed, command, flat));
    }

    // The owner would say the same; a body of any size need not travel for it.
    private static void Refuse(ProtocolError? error)
    {
        if (error is not null)
        {
            throw ErrorMapping.Of(error).ToException();
        }
    }

    private static void Write(Utf8JsonWriter json, SettingsChanged changed, ChangeSettings command, bool flat)
    {
        json.WriteStartObject();
        json.WriteBoolean("acknowledged", changed.Acknowledged);
        SettingsWriter.Write(json, "persistent", Set(command.Persistent), flat);
        SettingsWriter.Write(json, "transient", Set(command.Transient), flat);
        json.WriteEndObject();
    }

    // What was reset is not told.
    private static IEnumerable<KeyValuePair<string, string>> Set(IEnumerable<SettingChange> changes) =>
        from change in changes
        where change.Value is not null
        select KeyValuePair.Create(change.Name, change.Value);
}
