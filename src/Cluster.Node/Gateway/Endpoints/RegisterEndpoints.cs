using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Domain.Groups;
using MlCluster.Node.Gateway.Documents;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Groups;
using MlCluster.Node.Gateway.Registration;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>
/// Registration by URL or by a pretrained model's name, and the document of an upload in chunks (contract 3.1, 3.2).
/// </summary>
internal sealed class RegisterEndpoints(
    IClusterClient client, ModelGroups groups, UrlGate urls, SettingsGate gate) : IEndpointSource
{
    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        ByUrl("/_plugins/_ml/models/_upload", Dialect.Legacy, "uploadModel"),
        ByUrl("/_plugins/_ml/models/_register", Dialect.Current, "registerModel"),
        Dead("/_plugins/_ml/models/{model_id}/{version}/_upload", "uploadModelVersion"),
        Dead("/_plugins/_ml/models/{model_id}/{version}/_register", "registerModelVersion"),
        ByChunks("/_plugins/_ml/models/meta", Dialect.Legacy, "createModelMeta"),
        ByChunks("/_plugins/_ml/models/_register_meta", Dialect.Current, "registerModelMeta"),
    ];

    private ApiEndpoint ByUrl(string path, Dialect dialect, string id) =>
        new("POST", path, call => RegisterAsync(call, dialect))
        {
            Body = BodyRule.Required,
            Parameters = ["load", "deploy"],
            Description = new(id, "Models", "Register a model whose archive lies at a URL, or a pretrained one")
            {
                Generation = dialect,
                Details = "A data node fetches the archive; the task tells how far it is and, when it is done, the "
                    + "model's id.",
                Request = "RegistrationByUrl",
                Answer = "TaskStarted",
                Errors = [409, 429],
            },
        };

    // OpenSearch kept these two paths when it no longer read what is in them (contract 2.1).
    private static ApiEndpoint Dead(string path, string id) => new("POST", path, RefuseNameInPathAsync)
    {
        Body = BodyRule.Required,
        Description = new(id, "Models", "Name and version are no longer read from the path") { AlwaysRefuses = true },
    };

    private static ValueTask<ApiAnswer> RefuseNameInPathAsync(ApiCall call)
    {
        _ = RegistrationBody.Parse(call.Body.Span);
        throw ApiError.IllegalArgument(
            $"request [{call.Target.Path}] contains unrecognized parameters: [model_id], [version]; name and version "
            + "are fields of the body of POST /_plugins/_ml/models/_register").ToException();
    }

    private ApiEndpoint ByChunks(string path, Dialect dialect, string id) =>
        new("POST", path, call => RegisterMetaAsync(call, dialect))
        {
            Body = BodyRule.Required,
            WithoutBody = ApiError.IllegalArgument("Model meta request has empty body"),
            Description = new(id, "Models", "Register a model whose archive comes in chunks")
            {
                Generation = dialect,
                Request = "RegistrationByChunks",
                Answer = "ModelCreated",
                Errors = [409, 429],
            },
        };

    private async ValueTask<ApiAnswer> RegisterAsync(ApiCall call, Dialect dialect)
    {
        var deploy = call.Query.GetBoolean("load") || call.Query.GetBoolean("deploy");
        var body = RegistrationBody.Parse(call.Body.Span);
        gate.CheckLocalModels();
        if (body.Url is not null)
        {
            gate.CheckUrl();
        }

        gate.CheckNodeIds(deploy ? body.NodeIds : []);
        body.CheckForUrl(urls.Refusal);
        var (model, task) = (IdOf(body), new TaskId(NewIds.Next()));
        var command = new RegisterModel(
            model,
            task,
            body.ToSpec(await JoinAsync(body, model, call.Cancelled)),
            body.Url ?? "",
            body.Sha256,
            deploy ? new AutoDeploy(new TaskId(NewIds.Next()), body.NodeIds) : null,
            dialect);
        (await client.AskModelAsync<IModelReply>(command, call.Cancelled)).Expect<ModelAccepted>();
        return TaskStarted(task, taskType: null);
    }

    private async ValueTask<ApiAnswer> RegisterMetaAsync(ApiCall call, Dialect dialect)
    {
        var body = RegistrationBody.Parse(call.Body.Span);
        gate.CheckLocalModels();
        gate.CheckMeta();
        body.CheckForChunks();
        var model = IdOf(body);
        var spec = body.ToSpec(await JoinAsync(body, model, call.Cancelled));
        var command = new RegisterModelMeta(
            model, spec, body.TotalChunks!.Value, body.SizeBytes, body.Sha256!, dialect);
        var accepted = (await client.AskModelAsync<IModelReply>(command, call.Cancelled)).Expect<ModelAccepted>();
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteString("model_id", accepted.ModelId.Value);
            json.WriteString("status", Words.Of(Messages.Tasks.TaskStatus.Created));
            json.WriteEndObject();
        });
    }

    // A model without a group belongs to the one that is called like it.
    private Task<GroupMembership> JoinAsync(RegistrationBody body, ModelId model, CancellationToken cancelled)
    {
        const string unknown = "Fail to find model group";
        var isControlled = gate.ControlsAccess;
        AccessBody.Check(body.Access, isControlled);
        return string.IsNullOrEmpty(body.ModelGroupId)
            ? groups.JoinByNameAsync(
                body.Name!, model, GroupAccessRules.OfNew(body.Access, isControlled), cancelled)
            : ModelGroupId.TryParse(body.ModelGroupId, out var group)
                ? groups.JoinAsync(group, model, $"{unknown}: {group}", cancelled)
                : throw ApiError.OfStatus(404, unknown).ToException();
    }

    /// <summary>The answer that names a task.</summary>
    internal static JsonAnswer TaskStarted(TaskId task, string? taskType) => new(json =>
    {
        json.WriteStartObject();
        json.WriteString("task_id", task.Value);
        json.OptionalString("task_type", taskType);
        json.WriteString("status", Words.Of(Messages.Tasks.TaskStatus.Created));
        json.WriteEndObject();
    });

    private static ModelId IdOf(RegistrationBody body) => new(body.ModelId ?? NewIds.Next());
}
