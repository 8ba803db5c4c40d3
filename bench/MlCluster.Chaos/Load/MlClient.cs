using System.Text.Json.Nodes;
using MlCluster.Chaos.Clients;
using MlCluster.Chaos.Cluster;
using MlCluster.Chaos.Ledger;
using MlCluster.Chaos.Verdicts;

namespace MlCluster.Chaos.Load;

/// <summary>How a prediction ended.</summary>
internal enum PredictEnd
{
    Right,

    /// <summary>No node could be counted on.</summary>
    Excused,

    /// <summary>It is in the ledger.</summary>
    Failed,
}

/// <summary>Does what users do and writes into the ledger what the cluster has acknowledged.</summary>
internal sealed class MlClient(MlApi api, ChaosLedger ledger, Disturbances disturbances)
{
    private static readonly TimeSpan TaskDeadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    // Ends of a part of a deployment that come with the loss of a node.
    private static readonly string[] Excuses = ["node left the cluster", "was undeployed before it was loaded"];

    public MlApi Api => api;

    /// <summary>Makes the document of a chunked upload; null: it was not acknowledged.</summary>
    public async Task<string?> RegisterMetaAsync(ArchiveKind archive, int chunks)
    {
        var reply = await api.RegisterMetaAsync(archive, chunks);
        if (!Accept(reply, "meta"))
        {
            return null;
        }

        var id = (string)JsonNode.Parse(reply.Text)!["model_id"]!;
        ledger.Add(new ModelFacts(id, archive.Name, chunks));
        return id;
    }

    public async Task<bool> ChunkAsync(string model, int number, byte[] bytes)
    {
        var accepted = Accept(await api.ChunkAsync(model, number, bytes), $"chunk {number} of {model}");
        if (accepted)
        {
            ledger.Acknowledge(model, m => m.ChunkTaken(number));
        }

        return accepted;
    }

    /// <summary>Uploads by URL and waits for the end; null: no model came of it.</summary>
    public async Task<string?> RegisterUrlAsync(ArchiveKind archive, Uri url)
    {
        var reply = await api.RegisterUrlAsync(archive, url);
        if (!Accept(reply, "register"))
        {
            return null;
        }

        var task = await TaskEndAsync(TaskOf(reply), TaskKind.Register);
        if (task is { State: "COMPLETED", ModelId: { } id })
        {
            ledger.Add(new ModelFacts(id, archive.Name, 0) { IsRegistered = true });
            return id;
        }

        if (task is not null)
        {
            ledger.Fail($"upload by URL {task.State}: {task.Error}");
        }

        return null;
    }

    /// <summary>Deploys and waits for the end.</summary>
    /// <param name="model">Its id.</param>
    /// <param name="names">Of nodes; empty: all.</param>
    /// <returns>True: all nodes serve it now.</returns>
    public async Task<bool> DeployAsync(string model, IReadOnlyCollection<string> names)
    {
        var reply = await api.DeployAsync(model, names);
        if (reply.IsUnsure)
        {
            ledger.Change(model, m => m.MaybeDeployed(names));
        }

        var accepted = reply.Status == 400 && reply.Text.Contains("eligible node", StringComparison.Ordinal)
            ? await RefuseDeploymentAsync(reply, names)
            : Accept(reply, $"deploy {model}");
        if (!accepted)
        {
            return false;
        }

        if (await TaskEndAsync(TaskOf(reply), TaskKind.Deploy) is { } task)
        {
            return TakeDeployment(model, names, task);
        }

        ledger.Change(model, m => m.MaybeDeployed(names));
        return false;
    }

    /// <param name="model">Its id.</param>
    /// <param name="node">Name; null: all.</param>
    public async Task<bool> UndeployAsync(string model, string? node)
    {
        // From now on it may be off.
        ledger.Change(model, m => node is null ? m with { Served = [] } : m with { Served = m.Served.Remove(node) });
        var reply = await api.UndeployAsync(model, node is null ? [] : [node]);
        ledger.Change(model, m => m with { MayBeOff = m.MayBeOff || reply.IsUnsure });

        // Nothing to do and no node to say so; an unanswered attempt may have done it.
        var nothing = reply.Status == 400 && (ledger[model].MayBeOff || !ledger[model].IsWantedOn(node));
        var done = nothing || Accept(reply, $"undeploy {model}");
        if (done)
        {
            ledger.Acknowledge(model, m => node is null ? m.Undeployed() : m.Undeployed(node));
        }

        return done;
    }

    public async Task DeleteAsync(string model)
    {
        var reply = await api.DeleteAsync(model);
        if ((reply is { Status: 404, IsUnsure: true }) || Accept(reply, $"delete {model}"))
        {
            ledger.Acknowledge(model, m => m with { IsDeleted = true });
        }
        else
        {
            ledger.Change(model, m => m with { MayBeDeleted = m.MayBeDeleted || reply.IsUnsure });
        }
    }

    /// <summary>Predicts and compares with the golden vectors.</summary>
    public async Task<PredictEnd> PredictAsync(string model, ArchiveKind archive, IReadOnlyList<string> texts)
    {
        var reply = await api.PredictAsync(model, texts);
        if (reply.Status == 200)
        {
            Compare(model, archive, texts, MlApi.Vectors(reply));
            ledger.Predicted();
            return PredictEnd.Right;
        }

        // Nobody serves it any more, or for the moment.
        if ((reply.Status is 400 or 0 or 408) && await disturbances.WereAllHitAsync(ledger[model].Served))
        {
            ledger.Excuse();
            return PredictEnd.Excused;
        }

        ledger.Fail($"predict {model}, served by [{string.Join(", ", ledger[model].Served)}] → {reply}");
        return PredictEnd.Failed;
    }

    /// <summary>True: each node that serves the model has been hit.</summary>
    public bool IsExcused(string model) => disturbances.AllHit(ledger[model].Served);

    /// <summary>Waits for a task's end; null: it does not come.</summary>
    public async Task<TaskSeen?> TaskEndAsync(string task, TaskKind kind)
    {
        ledger.Add(new TaskFacts(task, kind));
        var started = TimeProvider.System.GetTimestamp();
        var last = "nothing";
        while (TimeProvider.System.GetElapsedTime(started) < TaskDeadline)
        {
            var reply = await api.TaskAsync(task);
            if (reply.Status == 200 && api.Task(reply) is { } seen && TaskFacts.IsEnd(seen.State))
            {
                ledger.TaskEnded(task, seen.State);
                return seen;
            }

            if (reply.Status is not (200 or 0))
            {
                ledger.Fail($"GET task {task} → {reply}");
                return null;
            }

            last = reply.ToString();
            await Task.Delay(Poll, TimeProvider.System);
        }

        ledger.Find(new Finding(FindingKind.Stuck, $"task {task} ({kind}) did not end within {TaskDeadline}: {last}"));
        return null;
    }

    private static string TaskOf(RestReply reply) => (string)JsonNode.Parse(reply.Text)!["task_id"]!;

    private bool Accept(RestReply reply, string what)
    {
        switch (reply)
        {
            case { Status: 200 }:
                return true;
            case { WasPutOff: true }:
                ledger.Refuse();
                return false;
            default:
                ledger.Fail($"{what} → {reply}");
                return false;
        }
    }

    // Nodes that are away cannot be deployed to.
    private async Task<bool> RefuseDeploymentAsync(RestReply reply, IReadOnlyCollection<string> names)
    {
        if (!await disturbances.WereAllHitAsync(names))
        {
            ledger.Fail($"deploy to [{string.Join(", ", names)}] → {reply}");
        }

        return false;
    }

    private bool TakeDeployment(string model, IReadOnlyCollection<string> names, TaskSeen task)
    {
        var errors = task.Error.StartsWith('{') ? JsonNode.Parse(task.Error)!.AsObject() : [];
        var unexpected = task.State != "COMPLETED"
            && (errors.Count == 0 || errors.Any(e => !Excuses.Any(((string)e.Value!).Contains)));
        if (unexpected)
        {
            ledger.Fail($"deployment of {model} {task.State}: {task.Error}");
        }

        // A part that failed for another reason than a lost node is not loaded again: nothing more can be expected.
        ledger.Acknowledge(model, m => unexpected
            ? m.MaybeDeployed(names) with { MayBeOff = true }
            : m.Deployed(names.Count == 0, task.Workers) with
            {
                Served = task.State == "COMPLETED" ? m.Served.Union(task.Workers) : m.Served,
            });
        return task.State == "COMPLETED";
    }

    private void Compare(string model, ArchiveKind archive, IReadOnlyList<string> texts, IReadOnlyList<float[]> vectors)
    {
        var differences = texts.Count == vectors.Count
            ? texts.Zip(vectors, archive.Difference).OfType<string>()
            : [$"{vectors.Count} vectors for {texts.Count} texts"];
        foreach (var difference in differences)
        {
            ledger.Find(new Finding(FindingKind.Wrong, $"model {model} ({archive.Name}): {difference}"));
        }
    }
}
