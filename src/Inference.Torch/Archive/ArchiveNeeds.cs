namespace MlCluster.Inference.Archive;

/// <summary>What an archive has to hold beside its tokenizer.</summary>
/// <param name="Format">The format of its model; null: any.</param>
/// <param name="Model">False: the function has no model, the tokenizer alone may serve.</param>
public sealed record ArchiveNeeds(ModelFormat? Format = ModelFormat.TorchScript, bool Model = true)
{
    /// <summary>Whatever can be kept: whether it fits a registration is looked at when it is used.</summary>
    public static ArchiveNeeds Anything { get; } = new(Format: null, Model: false);
}
