namespace MlCluster.Inference.Archive;

/// <summary>Formats of model files.</summary>
public enum ModelFormat
{
    /// <summary>A <c>.pt</c>, run by libtorch.</summary>
    TorchScript,

    /// <summary>A <c>.onnx</c>, run by ONNX Runtime.</summary>
    Onnx,
}

/// <summary>Words and rules on formats.</summary>
public static class ModelFormats
{
    private const string TorchScriptExtension = ".pt";
    private const string OnnxExtension = ".onnx";

    /// <summary>As a registration spells it, such as <c>TORCH_SCRIPT</c>.</summary>
    public static string Word(this ModelFormat format) => format == ModelFormat.Onnx ? "ONNX" : "TORCH_SCRIPT";

    /// <summary>How files of the format end.</summary>
    public static string Extension(this ModelFormat format) =>
        format == ModelFormat.Onnx ? OnnxExtension : TorchScriptExtension;

    /// <summary>The format of a registration's word; null: there is no such format.</summary>
    public static ModelFormat? Parse(string word) => Array.Find(
        Enum.GetValues<ModelFormat>().Cast<ModelFormat?>().ToArray(),
        format => string.Equals(word, format!.Value.Word(), StringComparison.Ordinal));

    /// <summary>The format of a file by its name; null: it is no model.</summary>
    public static ModelFormat? OfFile(string name) =>
        name.EndsWith(TorchScriptExtension, StringComparison.OrdinalIgnoreCase) ? ModelFormat.TorchScript
        : name.EndsWith(OnnxExtension, StringComparison.OrdinalIgnoreCase) ? ModelFormat.Onnx
        : null;

    /// <summary>Why a file does not serve a registration, in the contract's words (11.2); null: it does.</summary>
    /// <param name="format">What was registered; null: any.</param>
    /// <param name="file">The model's name; null: there is none.</param>
    public static string? Problem(ModelFormat? format, string? file) =>
        file is null ? $"Can't find model file: the archive must hold one file that ends with {Endings(format)}"
        : OfFile(file) is { } found && format is { } wanted && found != wanted
            ? $"Model format is {wanted.Word()}, but find {found.Extension()} file: {file}; "
                + $"register it as {found.Word()}"
        : null;

    private static string Endings(ModelFormat? format) =>
        format?.Extension() ?? $"{TorchScriptExtension} or {OnnxExtension}";
}
