namespace MlCluster.Inference.Archive.Onnx;

/// <summary>
/// Checks a <c>.onnx</c> before ONNX Runtime sees it: its operators, and that all its tensors are in it.
/// </summary>
/// <remarks>
/// What cannot be told by reading (operators that do not exist, shapes that do not fit, loops without end) is the
/// rehearsal's part, in a process of its own.
/// </remarks>
public static class OnnxFile
{
    private const string Cure = "export it with torch.onnx.export or optimum, all in one file";

    /// <summary>Checks a file, read to its end.</summary>
    /// <param name="content">The file.</param>
    /// <param name="what">Its name, for messages.</param>
    /// <param name="limits">What it may cost.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <exception cref="ModelFormatException">It is not ONNX, damaged, or holds what no model may.</exception>
    public static void Check(Stream content, string what, OnnxLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            new OnnxWalk(new WireReader(content, cancellationToken), limits).ReadModel();
        }
        catch (FormatException e)
        {
            throw new ModelFormatException($"{what} cannot be served as ONNX: {e.Message}; {Cure}", e);
        }
    }
}
