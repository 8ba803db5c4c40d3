using Microsoft.ML.OnnxRuntime.Tensors;
using MlCluster.Inference.Scripting;

namespace MlCluster.Inference.Onnx;

/// <summary>An input of a graph as the file declares it.</summary>
/// <param name="Rank">Axes; null: the file does not say.</param>
internal sealed record GraphInput(string Name, TensorElementType Type, int? Rank);

/// <summary>An input of a graph and what it is given.</summary>
/// <param name="Column">Index among ids, mask and the function's further columns; null: zeros.</param>
internal sealed record BoundInput(string Name, TensorElementType Type, int? Column);

/// <summary>Decides what goes to which input of a graph.</summary>
/// <remarks>
/// By their names, so their order does not matter. Exporters that name nothing leave the order of the function
/// (contract 12.3, 12.6).
/// </remarks>
internal static class OnnxInputs
{
    private const string Types = "token_type_ids";

    private static readonly TensorElementType[] Served =
        [TensorElementType.Int64, TensorElementType.Int32, TensorElementType.Float];

    /// <summary>Binds a graph's inputs.</summary>
    /// <exception cref="ModelFormatException">
    /// Says what the graph takes, what the function gives, and how to fix it.
    /// </exception>
    public static IReadOnlyList<BoundInput> Bind(IReadOnlyList<GraphInput> graph, FunctionConfig config)
    {
        var form = CallForm.Of(config);
        var given = GivenBy(form, config);
        foreach (var input in graph)
        {
            CheckKind(input);
        }

        // Exporters without names count, and leave out what the graph does not use: one input is the ids.
        return !graph.Any(input => given.Contains(input.Name, StringComparer.Ordinal))
            && graph.Count > 0 && graph.Count <= given.Count
                ? [.. graph.Select((input, position) => BoundTo(input, given[position], form))]
                : [.. ByName(graph, given, form).Select(input => BoundTo(input, input.Name, form))];
    }

    private static IReadOnlyList<GraphInput> ByName(
        IReadOnlyList<GraphInput> graph, IReadOnlyList<string> given, CallForm form)
    {
        var unknown = graph.Where(input => !given.Contains(input.Name, StringComparer.Ordinal)).ToList();
        if (unknown.Count > 0)
        {
            throw new ModelFormatException(
                $"the graph takes {string.Join(", ", unknown.Select(input => input.Name))}, but {form.Caller} gives "
                + $"{string.Join(", ", given)} and nothing else: export it so that it takes these");
        }

        return graph.Any(input => input.Name == form.Inputs[0])
            ? graph
            : throw new ModelFormatException($"the graph takes no {form.Inputs[0]}: export it so that it does");
    }

    // One text is all of type 0; of a pair the function itself knows which token is whose.
    private static List<string> GivenBy(CallForm form, FunctionConfig config) =>
        config.Function is FunctionKind.TextEmbedding or FunctionKind.SparseEncoding
            ? [.. form.Inputs, Types]
            : [.. form.Inputs];

    private static BoundInput BoundTo(GraphInput input, string given, CallForm form)
    {
        var column = form.Inputs.ToList().IndexOf(given);
        return new BoundInput(input.Name, input.Type, column < 0 ? null : column);
    }

    private static void CheckKind(GraphInput input)
    {
        if (!Served.Contains(input.Type))
        {
            throw new ModelFormatException(
                $"the graph's input {input.Name} is of type {input.Type}; it must be Int64, Int32 or Float");
        }

        if (input.Rank is { } rank && rank != 2)
        {
            throw new ModelFormatException(
                $"the graph's input {input.Name} has {rank} axes; it must have two, [batch, tokens]");
        }
    }
}
