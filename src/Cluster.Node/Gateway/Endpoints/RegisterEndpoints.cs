using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Gateway.Documents;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Registration;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>
/// Registration by URL or by a pretrained model's name, and the document of an upload in chunks (contract 3.1, 3.2).
/// </summary>
internal sealed class RegisterEndpoints(IClusterClient client, UrlGate urls, SettingsGate gate)
    : IEndpointSource
{
    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        ByUrl("/_plugins/_ml/models/_upload", Dialect.Legacy),
        ByUrl("/_plugins/_ml/models/_register", Dialect.Current),
        Dead("/_plugins/_ml/models/{model_id}/{version}/_upload"),
        Dead("/_plugins/_ml/models/{model_id}/{version}/_register"),
        ByChunks("/_plugins/_ml/models/meta", Dialect.Legacy),
        ByChunks("/_plugins/_ml/models/_register_meta", Dialect.Current),
    ];

    private ApiEndpoint ByUrl(string path, Dialect dialect) =>
        new("POST", path, call => RegisterAsync(call, dialect))
            { Body = BodyRule.Required, Parameters = ["load", "deploy"] };

    // OpenSearch kept these two paths when it no longer read what is in them (contract 2.1).
    private static ApiEndpoint Dead(string path) =>
        new("POST", path, RefuseNameInPathAsync) { Body = BodyRule.Required };

    private static ValueTask<ApiAnswer> RefuseNameInPathAsync(ApiCall call)
    {
        _ = RegistrationBody.Parse(call.Body.Span);
        throw ApiError.IllegalArgument(
            $"request [{call.Target.Path}] contains unrecognized parameters: [model_id], [version]; name and version "
            + "are fields of the body of POST /_plugins/_ml/models/_register").ToException();
    }

    private ApiEndpoint ByChunks(string path, Dialect dialect) =>
        new("POST", path, call => RegisterMetaAsync(call, dialect)) { Body = BodyRule.Required };

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
        var task = new TaskId(NewIds.Next());
        var command = new RegisterModel(
            IdOf(body),
            task,
            body.ToSpec(),
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
        var command = new RegisterModelMeta(
            IdOf(body), body.ToSpec(), body.TotalChunks!.Value, body.SizeBytes, body.Sha256!, dialect);
        var accepted = (await client.AskModelAsync<IModelReply>(command, call.Cancelled)).Expect<ModelAccepted>();
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteString("model_id", accepted.ModelId.Value);
            json.WriteString("status", Words.Of(Messages.Tasks.TaskStatus.Created));
            json.WriteEndObject();
        });
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
