using Akka.Persistence.Journal;
using MlCluster.Messages.Deployments;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Messages.Settings;
using MlCluster.Messages.Tasks;

namespace MlCluster.Node.Data.Supervision;

/// <summary>Tags, on their way into the journal, the events that the DeploymentSupervisor follows.</summary>
internal sealed class AttentionTagger : IWriteEventAdapter
{
    /// <summary>The tag.</summary>
    public const string Tag = "attention";

    private static readonly string[] Tags = [Tag];

    /// <inheritdoc />
    public string Manifest(object evt) => "";

    // Chunks and steps inside a task are frequent and of no use to it; groups have nothing unfinished.
    /// <inheritdoc />
    public object ToJournal(object evt) =>
        evt is ChunkStored or ModelDownloadStarted or TaskModelKnown or TaskNodeFinished
            or ClusterNamed or SettingsSaved or IModelGroupEvent or GroupNameClaimed
            ? evt
            : new Tagged(evt, Tags);
}
