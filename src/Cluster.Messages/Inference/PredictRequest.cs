namespace MlCluster.Messages.Inference;

/// <summary>Gateway → ModelHostActor of the picked node: embed documents.</summary>
/// <param name="RequestId">
/// Of the client's request, unique in the cluster; all its groups and their retries carry it.
/// </param>
/// <param name="TargetResponse">Outputs wanted by name; null: no filter by name.</param>
/// <param name="TargetPositions">Outputs wanted by position; null: no filter by position.</param>
/// <param name="IncludeData">False: shapes and types alone.</param>
/// <param name="Timeout">How long the gateway waits; work that is older is dropped.</param>
public sealed record PredictRequest(
    ModelId ModelId,
    string RequestId,
    IReadOnlyList<string> Texts,
    IReadOnlyList<string>? TargetResponse,
    IReadOnlyList<int>? TargetPositions,
    bool IncludeData,
    TimeSpan Timeout) : IWithModelId;
