namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>Tells what calls go to.</summary>
/// <param name="code">All code there is.</param>
/// <param name="effects">What a method is known to do.</param>
internal sealed class CallTargets(ScriptCode code, Func<ScriptMethod, MethodEffects> effects)
{
    private const string Archive = "__torch__.";

    private readonly Dictionary<CallExpression, CallTarget> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>The target of a call in a method.</summary>
    public CallTarget Of(CallExpression call, ScriptMethod caller)
    {
        if (!_known.TryGetValue(call, out var target))
        {
            _known.Add(call, target = Find(call, caller));
        }

        return target;
    }

    private CallTarget Find(CallExpression call, ScriptMethod caller) => call.Callee switch
    {
        NameExpression name => OfFunctions([.. FunctionsOf(name.Name, caller)], call),
        MemberExpression { Path: { } path } member when SpaceOf(path) is { } space =>
            new CallTarget(call.Arguments) { Operator = member.Member, Space = space },
        MemberExpression { Path: { } path } when path.StartsWith(Archive, StringComparison.Ordinal) =>
            OfFunctions([path], call),
        MemberExpression member => OfMethod(member, call, caller),
        _ => new CallTarget(call.Arguments) { PassesOn = true },
    };

    private static string? SpaceOf(string path) => path.Split('.') switch
    {
        ["torch", ..] => "aten",
        ["ops", var space, ..] => space,
        _ => null,
    };

    /// <summary>
    /// The functions that a local name stands for: the compiler gives one a name where it calls it more than once.
    /// </summary>
    private static IEnumerable<string> FunctionsOf(string name, ScriptMethod caller) => caller.ValuesOf(name)
        .Select(value => (value as MemberExpression)?.Path)
        .OfType<string>()
        .Where(path => path.StartsWith(Archive, StringComparison.Ordinal));

    /// <summary>Functions, or what passes a value on: <c>annotate</c>, <c>getattr</c>, a constructor.</summary>
    private CallTarget OfFunctions(IReadOnlyList<string> paths, CallExpression call)
    {
        var methods = paths.SelectMany(code.Function).ToList();
        var makesNew = paths.Count > 0 && paths.All(path => path.EndsWith(".__new__", StringComparison.Ordinal));
        return new CallTarget(call.Arguments)
        {
            Effects = methods.ConvertAll(method => effects(method)),
            PassesOn = methods.Count == 0 && !makesNew,
        };
    }

    // The object may be one of the archive's, or a tensor or collection, whose methods are operators.
    private CallTarget OfMethod(MemberExpression callee, CallExpression call, ScriptMethod caller) =>
        new([new CodeArgument(null, callee.Owner), .. call.Arguments])
        {
            Operator = callee.Member,
            Effects = [.. code.Method(callee.Owner, callee.Member, caller).Select(effects)],
        };
}
