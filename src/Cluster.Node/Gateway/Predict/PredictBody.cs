using MlCluster.Messages.Inference;
using MlCluster.Messages.Routing;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>What a prediction's body asks for (contract 5.1).</summary>
/// <param name="Texts">Documents; one result each, in order.</param>
/// <param name="ReturnNumber">Answer numbers.</param>
/// <param name="ReturnBytes">Answer packed bytes.</param>
/// <param name="TargetResponse">Outputs wanted by name; null: no filter by name.</param>
/// <param name="TargetPositions">Outputs wanted by position; null: no filter by position.</param>
internal sealed record PredictBody(
    IReadOnlyList<string> Texts,
    bool ReturnNumber = true,
    bool ReturnBytes = false,
    IReadOnlyList<string>? TargetResponse = null,
    IReadOnlyList<int>? TargetPositions = null)
{
    /// <summary>What each text is held against; null: nothing.</summary>
    public string? Query { get; init; }

    /// <summary>What the texts are to an asymmetric model; null: not said.</summary>
    public DocumentRole? Role { get; init; }

    /// <summary>How sparse answers name tokens.</summary>
    public TokenFormat Format { get; init; }

    /// <summary>False: shapes and types alone are asked of the model's node.</summary>
    public bool IncludeData => ReturnNumber || ReturnBytes;

    /// <summary>Tells whether an output is wanted.</summary>
    public bool Keeps(ServedOutput output, int position) =>
        (TargetResponse is null && TargetPositions is null)
        || (output.Name is not null && TargetResponse?.Contains(output.Name, StringComparer.Ordinal) == true)
        || TargetPositions?.Contains(position) == true;
}
