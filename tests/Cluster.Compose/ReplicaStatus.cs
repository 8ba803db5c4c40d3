namespace MlCluster.Compose;

/// <summary>A replica at one moment.</summary>
/// <param name="ProcessId">Null: it does not run.</param>
/// <param name="Health">By its health check.</param>
/// <param name="Starts">How often a process was started.</param>
/// <param name="LastExitCode">
/// Of the last process that ended, 128 + the signal's number when one killed it; null: none has.
/// </param>
public sealed record ReplicaStatus(int? ProcessId, ReplicaHealth Health, int Starts, int? LastExitCode);
