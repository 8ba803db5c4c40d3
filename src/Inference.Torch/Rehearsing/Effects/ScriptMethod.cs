namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>What a method or function of TorchScript code does, as far as aliases and writes are concerned.</summary>
/// <param name="Class">The class it belongs to; null: it is a function.</param>
/// <param name="Name">Its own name.</param>
/// <param name="Parameters">In order, a method's object first.</param>
internal sealed record ScriptMethod(ScriptClass? Class, string Name, IReadOnlyList<ScriptParameter> Parameters)
{
    private ILookup<string, CodeExpression>? _values;

    /// <summary>Name under which a method has its object, whatever its author calls it; null: it has none.</summary>
    public string? Self => Class is not null && Parameters is [var first, ..] ? first.Name : null;

    /// <summary>True for what runs while the object is made, when nobody else has it.</summary>
    public bool IsLoading => Name is "__setstate__" or "__init__";

    /// <summary>Names that are given a value.</summary>
    public List<ScriptAssignment> Assignments { get; } = [];

    /// <summary>Writes that are statements: into an attribute, to a place, <c>x += y</c>.</summary>
    public List<ScriptStore> Stores { get; } = [];

    /// <summary>Values that are given back.</summary>
    public List<CodeExpression> Returns { get; } = [];

    /// <summary>Everything that is computed, the values above included.</summary>
    public List<CodeExpression> Expressions { get; } = [];

    /// <summary>The values that a name is given; asked for once the method is read.</summary>
    public IEnumerable<CodeExpression> ValuesOf(string name) => (_values ??= Assignments.ToLookup(
        static assignment => assignment.Name, static assignment => assignment.Value, StringComparer.Ordinal))[name];
}

/// <param name="Type">As written, without blanks; empty: not given.</param>
internal sealed record ScriptParameter(string Name, string Type);

internal sealed record ScriptAssignment(string Name, CodeExpression Value);

/// <param name="Target">What is written to: the object, not its attribute.</param>
/// <param name="IsUpdate">
/// True: <c>x += y</c>, which takes over the elements of a list and computes with anything else.
/// </param>
internal sealed record ScriptStore(CodeExpression Target, CodeExpression Value, bool IsUpdate = false);

/// <summary>A class of an archive's code.</summary>
/// <param name="QualifiedName">Begins with <c>__torch__</c>.</param>
/// <param name="IsInterface">True: its methods are those of some other class.</param>
internal sealed record ScriptClass(string QualifiedName, bool IsInterface)
{
    /// <summary>Types of its attributes as written, without blanks.</summary>
    public Dictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);
}
