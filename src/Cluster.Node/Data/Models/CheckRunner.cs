using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Models;

/// <summary>Looks at a model's newest complete set of chunks in the background, one set at a time.</summary>
internal sealed class CheckRunner(IActorContext context, ModelId model, ModelServices services) : IDisposable
{
    private CancellationTokenSource _stop = new();
    private int? _checking;
    private long _nextCheck;

    /// <summary>Starts a look; a <see cref="ContentVerdict"/> or <see cref="CheckFailed"/> follows.</summary>
    public void Start(ModelState state, string? knownSha256, long now)
    {
        if (_checking == state.Content.Generation || now < _nextCheck)
        {
            return;
        }

        // Nobody waits for a look at an older set, and each reads the whole archive.
        _stop.Cancel();
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        var generation = state.Content.Generation;
        _checking = generation;
        var expected = ContentExpectation.Of(
            state.Origin is { } origin ? origin.Sha256 : state.Content.Sha256, state.Spec!);
        _ = services.ContentCheck.RunAsync(model, state.Content, expected, knownSha256, _stop.Token).PipeTo(
            context.Self,
            success: verdict => verdict,
            failure: cause => new CheckFailed(generation, cause));
    }

    /// <summary>The look came to nothing; it is taken again in a moment.</summary>
    public void Faulted(CheckFailed failed, long now)
    {
        if (_checking == failed.Generation)
        {
            _checking = null;
            _nextCheck = now + (long)services.Options.NodeRetry.TotalMilliseconds;
        }
    }

    /// <summary>Nobody wants to know any more.</summary>
    public void Stop() => _stop.Cancel();

    /// <inheritdoc />
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}

/// <summary>A set of chunks could not be looked at.</summary>
internal sealed record CheckFailed(int Generation, Exception Cause) : INoSerializationVerificationNeeded;
