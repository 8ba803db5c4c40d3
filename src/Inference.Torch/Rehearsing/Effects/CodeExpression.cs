namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>An expression of TorchScript code, as far as it matters where its value comes from.</summary>
internal abstract record CodeExpression
{
    /// <summary>The expression without all that follows its first part: <c>x</c> of <c>x.y[0].z</c>.</summary>
    public CodeExpression Root => this switch
    {
        MemberExpression member => member.Owner.Root,
        ElementExpression element => element.Owner.Root,
        CallExpression call => call.Callee.Root,
        _ => this,
    };
}

/// <summary>A name, or a word such as <c>None</c>.</summary>
internal sealed record NameExpression(string Name) : CodeExpression;

/// <summary>A number, or a string with its quotes.</summary>
internal sealed record LiteralExpression(string Text) : CodeExpression;

/// <summary>Something of an object, a module or a namespace.</summary>
internal sealed record MemberExpression(CodeExpression Owner, string Member) : CodeExpression
{
    /// <summary>Names with dots between them; null where it begins with anything but a name.</summary>
    public string? Path => Owner switch
    {
        NameExpression name => $"{name.Name}.{Member}",
        MemberExpression { Path: { } path } => $"{path}.{Member}",
        _ => null,
    };
}

/// <summary>What stands at a place of a list, tuple, dict or tensor.</summary>
internal sealed record ElementExpression(CodeExpression Owner, IReadOnlyList<CodeExpression> Places) : CodeExpression;

/// <summary>A call of an operator, a function or a method.</summary>
internal sealed record CallExpression(CodeExpression Callee, IReadOnlyList<CodeArgument> Arguments) : CodeExpression;

/// <param name="Name">Null: it is told by its place.</param>
internal sealed record CodeArgument(string? Name, CodeExpression Value);

/// <summary>A list, tuple or dict that is made here.</summary>
internal sealed record CollectionExpression(IReadOnlyList<CodeExpression> Items) : CodeExpression;

/// <summary>Operands; the value may come from any of them.</summary>
internal sealed record OperandsExpression(IReadOnlyList<CodeExpression> Parts) : CodeExpression;
