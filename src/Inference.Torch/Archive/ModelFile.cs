using MlCluster.Inference.Archive.Onnx;
using MlCluster.Inference.Archive.TorchScript;

namespace MlCluster.Inference.Archive;

/// <summary>Checks an unpacked model before any engine sees it.</summary>
public static class ModelFile
{
    /// <summary>Checks a file by the rules of its format.</summary>
    /// <exception cref="ModelFormatException">It is damaged, of no known format, or holds what no model may.</exception>
    public static void Check(string path, CancellationToken cancellationToken)
    {
        if (ModelFormats.OfFile(path) == ModelFormat.Onnx)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            OnnxFile.Check(file, Path.GetFileName(path), OnnxLimits.Default, cancellationToken);
        }
        else
        {
            TorchScriptFile.Check(path, TorchScriptLimits.Default, cancellationToken);
        }
    }
}
