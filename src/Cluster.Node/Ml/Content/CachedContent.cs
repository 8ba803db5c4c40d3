namespace MlCluster.Node.Ml.Content;

/// <summary>Unpacked, checked content of an archive in the node's cache.</summary>
/// <param name="ModelFile">Absolute path of the model; null: the archive had none.</param>
/// <param name="TokenizerFile">Absolute path of <c>tokenizer.json</c>.</param>
internal sealed record CachedContent(string Sha256, string Folder, string? ModelFile, string TokenizerFile);
