using Akka.Actor;
using Akka.Event;
using MlCluster.Messages;
using MlCluster.Messages.Search;
using MlCluster.Node.Data.Search;

namespace MlCluster.Node.Data.Journals;

/// <summary>
/// Child of the supervisor: removes from time to time what the journals have of tasks that ended, and of models and
/// tasks that were deleted, longer ago than they are to be remembered. It tells the supervisor which models.
/// </summary>
internal sealed class JournalSweeper : ReceiveActor, IWithTimers
{
    private readonly JournalRows _rows;
    private readonly DataOptions _options;
    private readonly TimeProvider _time;
    private readonly IActorRef _supervisor = Context.Parent;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public JournalSweeper(JournalRows rows, DataOptions options, TimeProvider time)
    {
        (_rows, _options, _time) = (rows, options, time);
        Receive<Sweep>(_ => OnSweep());
        Receive<Swept>(OnSwept);
        Receive<Status.Failure>(OnFailure);
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(JournalRows rows, DataOptions options, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new JournalSweeper(rows, options, time));

    protected override void PreStart() => Self.Tell(Sweep.Instance);

    private void OnSweep() => _ = SweepAsync(_time.GetUtcNow() - _options.TaskRetention).PipeTo(Self);

    private async Task<Swept> SweepAsync(DateTimeOffset before)
    {
        var ended = await _rows.EndedAsync(before, _options.SupervisorBatch);
        foreach (var end in ended)
        {
            await _rows.ForgetAsync(end, _time.GetUtcNow());
            if (DocumentKey.Of(end.PersistenceId) is { Kind: DocumentKind.Model } model)
            {
                _supervisor.Tell(new ModelForgotten(new ModelId(model.Id)));
            }
        }

        await _rows.SweepDocumentsAsync(before);

        return new Swept(ended.Count);
    }

    private void OnSwept(Swept swept)
    {
        if (swept.Count > 0)
        {
            _log.Info("{0} tasks and models that ended before {1} are forgotten", swept.Count, _options.TaskRetention);
        }

        if (swept.Count == _options.SupervisorBatch)
        {
            Self.Tell(Sweep.Instance);
        }
        else
        {
            Later();
        }
    }

    private void OnFailure(Status.Failure failure)
    {
        _log.Warning("Ended tasks could not be forgotten; trying again: {0}", failure.Cause.Message);
        Later();
    }

    private void Later() => Timers.StartSingleTimer(nameof(Sweep), Sweep.Instance, _options.RetentionInterval);

    private sealed record Swept(int Count) : INoSerializationVerificationNeeded;

    private sealed record Sweep : INoSerializationVerificationNeeded
    {
        public static Sweep Instance { get; } = new();
    }
}

/// <summary>The journal has nothing of a model any more.</summary>
internal sealed record ModelForgotten(ModelId ModelId) : INoSerializationVerificationNeeded;
