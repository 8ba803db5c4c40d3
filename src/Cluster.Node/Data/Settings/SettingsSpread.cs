using Akka.Actor;
using Akka.Event;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Settings;

namespace MlCluster.Node.Data.Settings;

/// <summary>Tells settings to every node that can be reached, and answers whoever changed them when all go by
/// them.</summary>
internal sealed class SettingsSpread(IActorContext context, IClusterViewSource views, TimeSpan patience)
{
    private readonly ILoggingAdapter _log = context.GetLogger();
    private readonly Dictionary<long, Waiting> _waiting = [];
    private long _last;

    /// <summary>Tells all nodes.</summary>
    /// <param name="caller">Whom to answer.</param>
    public void Begin(PublishedSettings settings, IActorRef caller)
    {
        string[] nodes = [.. views.Current.Nodes.Values.Select(n => n.Address)];
        var waiting = new Waiting(caller, settings.Version, [.. nodes]);
        if (nodes.Length == 0)
        {
            Answer(waiting, acknowledged: true);
            return;
        }

        var overdue = new Overdue(++_last);
        _waiting.Add(overdue.Number, waiting);
        foreach (var node in nodes)
        {
            context.ActorSelection($"{node}/user/{SettingsSubscriber.Name}").Tell(settings, context.Self);
        }

        context.System.Scheduler.ScheduleTellOnce(patience, context.Self, overdue, context.Self);
    }

    /// <summary>A node goes by a version, and so by all before it.</summary>
    public void OnTaken(IActorRef subscriber, long version)
    {
        var address = subscriber.Path.Address;
        var node = (address.HasLocalScope ? Akka.Cluster.Cluster.Get(context.System).SelfAddress : address).ToString();
        foreach (var (number, waiting) in _waiting.Where(w => w.Value.Version <= version).ToList())
        {
            if (waiting.Nodes.Remove(node) && waiting.Nodes.Count == 0)
            {
                _waiting.Remove(number);
                Answer(waiting, acknowledged: true);
            }
        }
    }

    /// <summary>The wait is over, whoever has answered.</summary>
    public void OnOverdue(Overdue overdue)
    {
        if (_waiting.Remove(overdue.Number, out var waiting))
        {
            _log.Warning(
                "Settings {0}: not acknowledged in time by [{1}], which will follow",
                waiting.Version,
                string.Join(", ", waiting.Nodes));
            Answer(waiting, acknowledged: false);
        }
    }

    private static void Answer(Waiting waiting, bool acknowledged) =>
        waiting.Caller.Tell(new SettingsChanged(acknowledged, waiting.Version));

    /// <summary>Nodes that have not yet said that they go by a version.</summary>
    private sealed record Waiting(IActorRef Caller, long Version, HashSet<string> Nodes);

    /// <summary>It is time to answer.</summary>
    public sealed record Overdue(long Number) : INoSerializationVerificationNeeded;
}
