namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>What a call goes to.</summary>
/// <param name="Arguments">A method's object first.</param>
internal sealed record CallTarget(IReadOnlyList<CodeArgument> Arguments)
{
    /// <summary>The operator that it is, or may be; null: it is none.</summary>
    public string? Operator { get; init; }

    /// <summary>The operator's namespace.</summary>
    public string Space { get; init; } = "aten";

    /// <summary>What the methods and functions do that it may go to.</summary>
    public IReadOnlyList<MethodEffects> Effects { get; init; } = [];

    /// <summary>True: nothing is known of it, the result may be any argument.</summary>
    public bool PassesOn { get; init; }

    /// <summary>Places of the arguments that may be a parameter: one that is named may be any.</summary>
    public IEnumerable<int> Matching(int parameter) => Enumerable.Range(0, Arguments.Count)
        .Where(place => place == parameter || Arguments[place].Name is not null);
}
