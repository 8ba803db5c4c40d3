using MlCluster.Messages;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Profiles;

/// <summary>What a profile is asked for.</summary>
internal sealed record ProfileQuery
{
    public IReadOnlyList<string> ModelIds { get; init; } = [];
    public IReadOnlyList<string> TaskIds { get; init; } = [];
    public IReadOnlyList<string> NodeIds { get; init; } = [];
    public bool AllModels { get; init; }
    public bool AllTasks { get; init; }

    /// <summary>True when nodes must be asked for models.</summary>
    public bool WantsModels => AllModels || KnownModelIds.Count > 0;

    /// <summary>True when tasks under way must be found.</summary>
    public bool WantsTasks => AllTasks || TaskIds.Count > 0;

    public bool WantsModel(ModelId model) => AllModels || ModelIds.Contains(model.Value, StringComparer.Ordinal);

    public bool WantsTask(string id) => AllTasks || TaskIds.Contains(id, StringComparer.Ordinal);

    /// <summary>Ids that can be a model's; others mean nothing and are dropped.</summary>
    public IReadOnlyList<ModelId> KnownModelIds =>
        [.. ModelIds.Where(t => ModelId.TryParse(t, out _)).Select(t => new ModelId(t)).Distinct()];

    /// <summary>Ids that can be a task's.</summary>
    public IReadOnlyList<TaskId> KnownTaskIds =>
        [.. TaskIds.Where(t => TaskId.TryParse(t, out _)).Select(t => new TaskId(t)).Distinct()];

    /// <summary>Reads a body; it decides instead of the path.</summary>
    public static ProfileQuery Parse(ReadOnlySpan<byte> body)
    {
        var json = new JsonPull(body);
        var query = new ProfileQuery();
        json.BeginObject();
        while (json.NextField(out var name))
        {
            query = query.Read(name, ref json);
        }

        return query;
    }

    private ProfileQuery Read(string name, ref JsonPull json)
    {
        switch (name)
        {
            case "model_ids":
                return this with { ModelIds = json.Ids(name) };
            case "task_ids":
                return this with { TaskIds = json.Ids(name) };
            case "node_ids":
                return this with { NodeIds = json.Ids(name) };
            case "return_all_models":
                return this with { AllModels = json.Boolean() };
            case "return_all_tasks":
                return this with { AllTasks = json.Boolean() };
            default:
                json.Skip();
                return this;
        }
    }
}
