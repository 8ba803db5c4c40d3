using Akka.Actor;
using Akka.Event;
using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Groups;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Tasks;
using TaskFold = MlCluster.Node.Domain.Tasks.TaskFold;

namespace MlCluster.Node.Data.Search;

/// <summary>The journal of an entity → its document.</summary>
internal sealed class DocumentFold(ActorSystem system)
{
    private readonly ILoggingAdapter _log = Logging.GetLogger(system, typeof(DocumentFold));

    /// <summary>Documents of entities whose events these are; one that cannot be read keeps the document it has.
    /// </summary>
    public IReadOnlyList<DocumentChange> Fold(IEnumerable<StoredEvent> events) =>
        [.. events.GroupBy(e => e.PersistenceId, StringComparer.Ordinal).Select(TryFold).OfType<DocumentChange>()];

    // An event of a newer version, while a cluster is upgraded: whoever comes later will know it.
    private DocumentChange? TryFold(IGrouping<string, StoredEvent> entity)
    {
        try
        {
            var key = DocumentKey.Of(entity.Key)!.Value;
            var events = entity.Select(e => system.Serialization.Deserialize(e.Bytes, e.Serializer, e.Manifest));
            return new DocumentChange(key, entity.Max(e => e.SequenceNr), DocumentOf(key, events));
        }
        catch (Exception e) when (e is System.Runtime.Serialization.SerializationException or ArgumentException)
        {
            _log.Warning("The document of {0} is left as it is: {1}", entity.Key, e.Message);
            return null;
        }
    }

    private static byte[]? DocumentOf(DocumentKey key, IEnumerable<object> events)
    {
        IClusterProtocol? document = key.Kind switch
        {
            DocumentKind.Model => ModelDocuments.Of(
                new ModelId(key.Id), events.Cast<IModelEvent>().Aggregate(ModelState.Unknown, ModelFold.Apply)),
            DocumentKind.ModelGroup => GroupOf(
                new ModelGroupId(key.Id),
                events.Cast<IModelGroupEvent>().Aggregate(ModelGroupState.Unknown, ModelGroupFold.Apply)),
            _ => TaskOf(events.Cast<ITaskEvent>().Aggregate(TaskState.Unknown, TaskFold.Apply)),
        };
        return document is null ? null : DocumentBytes.Encode(document);
    }

    // What is recent is asked of the group itself.
    private static ModelGroupDocument? GroupOf(ModelGroupId group, ModelGroupState state) =>
        state.Phase == GroupPhase.There ? ModelGroupDecisions.DocumentOf(group, state, long.MaxValue) : null;

    // Progress is not in the journal: it would always be 0.
    private static TaskDocument? TaskOf(TaskState state) =>
        state.Exists ? TaskOutcomes.DocumentOf(state) with { Progress = null } : null;
}
