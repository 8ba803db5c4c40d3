using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Batching;

/// <summary>What a scheduler works with.</summary>
/// <param name="Model">The module; the scheduler owns it and the last worker frees it.</param>
/// <param name="Function">What it is for; has its tokenizer.</param>
/// <param name="Rehearsal">What the model allows.</param>
/// <param name="Options">Limits.</param>
internal sealed record SchedulerSetup(
    IForwardModel Model, ModelFunction Function, RehearsalReport Rehearsal, ServingOptions Options)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called first on each worker thread, before any forward.</summary>
    public Action PrepareThread { get; init; } = () => { };

    /// <summary>Forwards that each worker runs before it serves.</summary>
    public IReadOnlyList<TokenBatch> WarmUp { get; init; } = [];

    /// <summary>The queue's limits: no forward is larger than what the rehearsal has tried.</summary>
    public ServingOptions QueueOptions => Options with
    {
        MaxTokensPerForward = Math.Min(Options.MaxTokensPerForward, Rehearsal.TriedTokens),
    };

    /// <summary>Worker threads: a model that writes to its own state has one, whatever was asked for.</summary>
    public int Workers => Rehearsal.Batching == BatchingMode.Exclusive ? 1 : Math.Max(1, Options.Workers);
}
