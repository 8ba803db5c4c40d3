namespace MlCluster.Inference;

/// <summary>Where the native libraries come from.</summary>
/// <param name="TorchLibs">
/// The folder <c>…/site-packages/torch/lib</c> of a Python torch whose libtorch is used; null: the one of the package.
/// </param>
/// <param name="NativeCache">
/// Folder for the adapted copy of libLibTorchSharp.so; null: <c>mlcluster/native</c> in the user's cache folder.
/// </param>
public sealed record TorchRuntimeOptions(string? TorchLibs = null, string? NativeCache = null);
