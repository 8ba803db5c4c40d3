using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Limits;

namespace MlCluster.Node.Ml.Serving;

/// <summary>Lets predictions on one model through, or not, by its rules; all while it has none. Any thread.</summary>
/// <param name="nodes">How many nodes share what the model's rate limiter allows.</param>
/// <param name="time">The clock.</param>
internal sealed class ServingGate(Func<int> nodes, TimeProvider time)
{
    /// <summary>OpenSearch's text for a model that is switched off.</summary>
    public const string Disabled = "Model is disabled.";

    /// <summary>OpenSearch's text for a model with too many requests.</summary>
    public const string Throttled = "Request is throttled at model level.";

    private readonly Lock _writer = new();
    private readonly long _epoch = time.GetTimestamp();
    private ServingRules? _rules;
    private TokenBucket? _bucket;

    /// <summary>Of the rules that it goes by; 0: gateways hold nothing against anything.</summary>
    public long InterfaceVersion => Volatile.Read(ref _rules)?.InterfaceVersion ?? 0;

    /// <summary>Goes by these rules from now on, unless it has newer ones.</summary>
    public void Apply(ServingRules rules)
    {
        lock (_writer)
        {
            if (_rules is { } known && known.Version >= rules.Version)
            {
                return;
            }

            _bucket = _rules?.Limiter == rules.Limiter ? _bucket : null;
            Volatile.Write(ref _rules, rules);
        }
    }

    /// <summary>Says why a prediction is not let through; null: it is.</summary>
    public ProtocolError? Refusal(PredictRequest request) => Volatile.Read(ref _rules) switch
    {
        null => null,
        { IsEnabled: false } => new ProtocolError(ErrorCode.Forbidden, Disabled),
        { Limiter: { } limiter } when !request.IsContinuation && !TryTake(limiter) =>
            new ProtocolError(ErrorCode.Throttled, Throttled),
        _ => null,
    };

    private bool TryTake(RateLimiter limiter)
    {
        if (RequestRate.Of(limiter, Math.Max(1, nodes())) is not { } rate)
        {
            return true;
        }

        lock (_writer)
        {
            var now = time.GetElapsedTime(_epoch);
            (_bucket, var taken) = (_bucket ?? TokenBucket.Full(rate, now)).Take(rate, now);
            return taken;
        }
    }
}
