namespace MlCluster.Inference.Scripting;

/// <summary>
/// TorchScript methods that are added to a class so that it can be called with plain tensors: the binding passes
/// neither dicts in nor dicts out.
/// </summary>
internal static class EntryMethods
{
    /// <summary>Takes <c>input_ids, attention_mask</c>; gives the tensors of forward's result.</summary>
    public const string Plain = "mlcluster_forward";

    /// <summary>The same with the names of the entries behind: UTF-8 bytes as int64, a zero behind each name.</summary>
    public const string Named = "mlcluster_forward_named";

    /// <summary>The methods' text for a class with this <c>forward</c>.</summary>
    public static string Write(string className, ForwardSignature forward)
    {
        var arguments = forward.TakesDict
            ? """{"input_ids": input_ids, "attention_mask": attention_mask}"""
            : "input_ids, attention_mask";
        return forward.GivesDict
            ? PlainMethod(className, arguments, "List[Tensor]", "torch.values(outputs)")
                + NamedMethod(className, arguments)
            : PlainMethod(className, arguments, forward.ReturnType, "outputs");
    }

    private static string PlainMethod(string className, string arguments, string returns, string result) =>
        $"""
          def {Plain}(self: {className},
            input_ids: Tensor,
            attention_mask: Tensor) -> {returns}:
            outputs = (self).forward({arguments}, )
            return {result}

        """;

    private static string NamedMethod(string className, string arguments) =>
        $"""
          def {Named}(self: {className},
            input_ids: Tensor,
            attention_mask: Tensor) -> Tuple[List[Tensor], Tensor]:
            outputs = (self).forward({arguments}, )
            codes = annotate(List[int], [])
            names = torch.keys(outputs)
            for i in range(torch.len(names)):
              name = names[i]
              for j in range(torch.len(name)):
                _0 = torch.append(codes, torch.ord(name[j]))
              _1 = torch.append(codes, 0)
            return (torch.values(outputs), torch.tensor(codes, dtype=4))

        """;
}
