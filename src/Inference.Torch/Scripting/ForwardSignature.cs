namespace MlCluster.Inference.Scripting;

/// <summary>What the <c>forward</c> of a TorchScript class takes and gives, as its serialized code spells it.</summary>
/// <param name="Parameters">Without the module itself.</param>
/// <param name="ReturnType">Such as <c>Dict[str, Tensor]</c>, without blanks.</param>
internal sealed record ForwardSignature(IReadOnlyList<ForwardParameter> Parameters, string ReturnType)
{
    private const string TensorDict = "Dict[str,Tensor]";

    /// <summary>True when the first parameter is a dict of tensors.</summary>
    public bool TakesDict => Parameters is [{ Type: TensorDict }, ..];

    /// <summary>True when the result is a dict of tensors.</summary>
    public bool GivesDict => ReturnType == TensorDict;

    /// <summary>True when the result is a dict of anything else.</summary>
    public bool GivesOtherDict => !GivesDict && ReturnType.StartsWith("Dict[", StringComparison.Ordinal);

    /// <summary>True when <c>forward</c> can be called with this many tensors.</summary>
    public bool TakesTensors(int count) =>
        Parameters.Count >= count
        && Parameters.Take(count).All(parameter => parameter.Type is "Tensor" or "Optional[Tensor]")
        && Parameters.Skip(count).All(parameter => parameter.IsOptional);

    /// <summary>Reads the signature from a method's text, from <c>def forward(</c> to the colon.</summary>
    /// <exception cref="ModelFormatException">The text is not a method header.</exception>
    public static ForwardSignature Parse(string header)
    {
        var open = header.IndexOf('(', StringComparison.Ordinal);
        var parts = SplitTopLevel(header[(open + 1)..], out var rest);
        var arrow = rest.IndexOf("->", StringComparison.Ordinal);
        var returns = arrow < 0 ? "Tensor" : Squeeze(rest[(arrow + 2)..]);
        var parameters = parts.Select(ForwardParameter.Parse).Where(parameter => parameter.Name.Length > 0).ToList();
        // A method's first parameter is its module, under any name; its type need not be written.
        return parameters.Count > 0
            ? new ForwardSignature(parameters[1..], returns)
            : throw new ModelFormatException("the model's forward is not a method: it takes no module");
    }

    /// <summary>The signature in one line, for messages.</summary>
    public override string ToString() => $"forward({string.Join(", ", Parameters)}) -> {ReturnType}";

    /// <summary>One spelling for all: no blanks, <c>Dict[…]</c> also where a version wrote <c>Dict(…)</c>.</summary>
    internal static string Squeeze(string type)
    {
        var squeezed = string.Concat(type.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return squeezed.Equals("dict[str,tensor]", StringComparison.OrdinalIgnoreCase)
            || squeezed.Equals("dict(str,tensor)", StringComparison.OrdinalIgnoreCase) ? TensorDict : squeezed;
    }

    /// <summary>Splits at commas outside brackets and strings up to the bracket that closes the list.</summary>
    private static List<string> SplitTopLevel(string text, out string rest)
    {
        var parts = new List<string>();
        var depth = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' or '\'':
                    i = EndOfString(text, i);
                    break;
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' when depth == 0:
                    parts.Add(text[start..i]);
                    rest = text[(i + 1)..];
                    return parts;
                case ')' or ']' or '}':
                    depth--;
                    break;
                case ',' when depth == 0:
                    parts.Add(text[start..i]);
                    start = i + 1;
                    break;
            }
        }

        throw NoEnd();
    }

    /// <summary>The place of the quote that closes what begins at <paramref name="start"/>.</summary>
    private static int EndOfString(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == text[start])
            {
                return i;
            }

            i += text[i] == '\\' ? 1 : 0;
        }

        throw NoEnd();
    }

    private static ModelFormatException NoEnd() =>
        new("the model's code is damaged: the parameters of forward have no end");
}

/// <summary>One parameter of <c>forward</c>.</summary>
/// <param name="Name">As in the code.</param>
/// <param name="Type">Without blanks; <c>Tensor</c> where none is written.</param>
/// <param name="IsOptional">True when it has a default.</param>
internal sealed record ForwardParameter(string Name, string Type, bool IsOptional)
{
    /// <summary>Reads <c>name: Type = default</c>.</summary>
    public static ForwardParameter Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var declaration = equals < 0 ? text : text[..equals];
        var colon = declaration.IndexOf(':', StringComparison.Ordinal);
        return colon < 0
            ? new ForwardParameter(declaration.Trim(), "Tensor", equals >= 0)
            : new ForwardParameter(
                declaration[..colon].Trim(), ForwardSignature.Squeeze(declaration[(colon + 1)..]), equals >= 0);
    }

    public override string ToString() => $"{Name}: {Type}{(IsOptional ? " = …" : string.Empty)}";
}
