namespace MlCluster.Inference.Scripting;

/// <summary>
/// TorchScript methods that are added to a class so that it can be called with plain tensors: the binding passes
/// neither dicts in nor dicts out.
/// </summary>
internal static class EntryMethods
{
    /// <summary>Takes the inputs by position; gives the tensors of forward's result.</summary>
    public const string Plain = "mlcluster_forward";

    /// <summary>The same with the names of the entries behind: UTF-8 bytes as int64, a zero behind each name.</summary>
    public const string Named = "mlcluster_forward_named";

    /// <summary>The methods' text for a class with this <c>forward</c>.</summary>
    /// <param name="inputs">Names of the tensors.</param>
    public static string Write(string className, ForwardSignature forward, IReadOnlyList<string> inputs)
    {
        var arguments = forward.TakesDict
            ? $"{{{string.Join(", ", inputs.Select(static name => $"\"{name}\": {name}"))}}}"
            : string.Join(", ", inputs);
        var parameters = string.Join(",\n    ", inputs.Select(static name => $"{name}: Tensor"));
        var call = new CallText(className, parameters, arguments);
        return forward.GivesDict
            ? PlainMethod(call, "List[Tensor]", "torch.values(outputs)") + NamedMethod(call)
            : PlainMethod(call, forward.ReturnType, "outputs");
    }

    private static string PlainMethod(CallText call, string returns, string result) =>
        $"""
          def {Plain}(self: {call.ClassName},
            {call.Parameters}) -> {returns}:
            outputs = (self).forward({call.Arguments}, )
            return {result}

        """;

    private static string NamedMethod(CallText call) =>
        $"""
          def {Named}(self: {call.ClassName},
            {call.Parameters}) -> Tuple[List[Tensor], Tensor]:
            outputs = (self).forward({call.Arguments}, )
            codes = annotate(List[int], [])
            names = torch.keys(outputs)
            for i in range(torch.len(names)):
              name = names[i]
              for j in range(torch.len(name)):
                _0 = torch.append(codes, torch.ord(name[j]))
              _1 = torch.append(codes, 0)
            return (torch.values(outputs), torch.tensor(codes, dtype=4))

        """;

    private sealed record CallText(string ClassName, string Parameters, string Arguments);
}
