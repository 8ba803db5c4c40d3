using Akka.Actor;
using Akka.Event;

namespace MlCluster.Node.Data.Search;

/// <summary>Cluster singleton: runs the <see cref="DocumentProjection"/> again and again.</summary>
internal sealed class DocumentProjector : ReceiveActor, IWithTimers
{
    private readonly DocumentProjection _projection;
    private readonly TimeSpan _poll;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _isBlind;

    public DocumentProjector(DocumentTable table, SearchOptions options, TimeProvider time)
    {
        _poll = options.Poll;
        _projection = new DocumentProjection(table, new DocumentFold(Context.System), options, time);
        Receive<Step>(_ => OnStep());
        Receive<Stepped>(OnStepped);
        Receive<Status.Failure>(OnFailure);
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DocumentTable table, SearchOptions options, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new DocumentProjector(table, options, time));

    protected override void PreStart() => Self.Tell(Step.Instance);

    private void OnStep() => _ = StepAsync().PipeTo(Self);

    private async Task<Stepped> StepAsync() => new(await _projection.StepAsync());

    private void OnStepped(Stepped stepped)
    {
        if (stepped.IsFirst)
        {
            _log.Info("The documents for searches are made of all of the journal");
        }

        if (_isBlind)
        {
            _isBlind = false;
            _log.Info("The documents for searches are kept up again");
        }

        Later();
    }

    private void OnFailure(Status.Failure failure)
    {
        if (!_isBlind)
        {
            _isBlind = true;
            _log.Warning(
                "The documents for searches cannot be kept up; trying again until they can: {0}",
                failure.Cause.Message);
        }

        Later();
    }

    private void Later() => Timers.StartSingleTimer(nameof(Step), Step.Instance, _poll);

    private sealed record Stepped(bool IsFirst) : INoSerializationVerificationNeeded;

    private sealed record Step : INoSerializationVerificationNeeded
    {
        public static Step Instance { get; } = new();
    }
}
