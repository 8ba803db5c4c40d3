namespace MlCluster.Inference.Batching;

/// <summary>Cuts one document's part out of the outputs of a forward, without copying.</summary>
internal static class OutputSlicer
{
    /// <summary>The wanted outputs of one row.</summary>
    /// <param name="outputs">Outputs of the forward, batch axis first.</param>
    /// <param name="batch">What the forward ran over.</param>
    /// <param name="row">The document's row.</param>
    /// <param name="perToken">
    /// By position: true when the axis after the batch axis follows the document's length.
    /// </param>
    /// <param name="filter">What the caller wants.</param>
    /// <exception cref="InferenceException">An output of several documents has not one row for each.</exception>
    public static DocumentOutput Slice(
        IReadOnlyList<BatchOutput> outputs,
        TokenBatch batch,
        int row,
        IReadOnlyList<bool> perToken,
        OutputFilter filter)
    {
        var tensors = new List<OutputTensor>(outputs.Count);
        foreach (var output in outputs)
        {
            if (filter.Keeps(output.Name, output.Position))
            {
                var cut = output.Position < perToken.Count && perToken[output.Position];
                var tensor = Row(output, batch, row, cut);
                tensors.Add(filter.IncludeData ? tensor : tensor with { Data = default });
            }
        }

        return new DocumentOutput(tensors);
    }

    private static OutputTensor Row(BatchOutput output, TokenBatch batch, int row, bool perToken)
    {
        var shape = output.Shape;
        if (batch.Rows == 1 && (shape.Length == 0 || shape[0] != 1))
        {
            // A model that answers one document without a batch axis: the whole tensor is its answer.
            return new OutputTensor(output.Name, output.DataType, shape, output.Data);
        }

        if (shape.Length == 0 || shape[0] != batch.Rows)
        {
            throw new InferenceException(
                $"output {output.Name ?? output.Position.ToString(System.Globalization.CultureInfo.InvariantCulture)} "
                + $"has shape [{string.Join(", ", shape)}] for {batch.Rows} documents");
        }

        var bytes = output.Data.Length / batch.Rows;
        var rowShape = shape[1..];
        var kept = bytes;
        if (perToken && rowShape.Length > 0 && rowShape[0] == batch.Width && batch.Width > 0)
        {
            rowShape[0] = batch.Lengths[row];
            kept = bytes / batch.Width * batch.Lengths[row];
        }

        return new OutputTensor(output.Name, output.DataType, rowShape, output.Data.AsMemory(row * bytes, kept));
    }
}
