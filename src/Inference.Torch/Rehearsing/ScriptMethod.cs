namespace MlCluster.Inference.Rehearsing;

/// <summary>What a method or function of TorchScript code does, as far as writes are concerned.</summary>
/// <param name="Name">Its own name, without class and module.</param>
/// <param name="IsMethod">True: it has a <c>self</c>, which is not among the parameters.</param>
/// <param name="Parameters">Names, in order.</param>
internal sealed record ScriptMethod(string Name, bool IsMethod, IReadOnlyList<string> Parameters)
{
    /// <summary>True for what runs while the module is made, when nobody else has it.</summary>
    public bool IsLoading => Name is "__setstate__" or "__init__";

    /// <summary>Names that are given a value, with its expression.</summary>
    public List<(string Name, string Value)> Assignments { get; } = [];

    /// <summary>Expressions that an operator writes to.</summary>
    public List<string> Targets { get; } = [];

    /// <summary>Calls of the archive's own methods and functions.</summary>
    public List<ScriptCall> Calls { get; } = [];

    /// <summary>True: it sets an attribute of something.</summary>
    public bool SetsAttribute { get; set; }
}

/// <summary>A call of code in the archive.</summary>
/// <param name="Callee">Method or function, without class and module.</param>
/// <param name="Arguments">Expressions, in order.</param>
internal sealed record ScriptCall(string Callee, IReadOnlyList<string> Arguments);
