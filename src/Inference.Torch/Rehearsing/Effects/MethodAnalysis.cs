namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>Finds out what one method does, given what is known of those that it calls.</summary>
/// <remarks>
/// A name is never taken back: one that holds state on one branch alone, or in a loop's second round, counts.
/// </remarks>
internal sealed class MethodAnalysis
{
    private readonly Dictionary<string, HashSet<int>> _names = new(StringComparer.Ordinal);
    private readonly ScriptMethod _method;
    private readonly CallTargets _targets;

    public MethodAnalysis(ScriptMethod method, CallTargets targets)
    {
        (_method, _targets) = (method, targets);
        _names["CONSTANTS"] = [Origins.Constants];
        foreach (var (number, parameter) in method.Parameters.Index())
        {
            _names[parameter.Name] = [number];
        }
    }

    public MethodEffects Effects { get; } = new();

    /// <summary>Tells whether the method changes what outlives its call.</summary>
    public bool WritesState =>
        Effects.Writes.Contains(Origins.Constants)
        || (_method.Class is not null && !_method.IsLoading && Effects.Writes.Contains(0));

    /// <summary>Takes in what has become known; true: it tells more of this method.</summary>
    public bool Grow()
    {
        var before = Effects.Count + _names.Values.Sum(static origins => origins.Count);
        foreach (var (name, value) in _method.Assignments)
        {
            Add(name, Of(value));
        }

        foreach (var (target, value, isUpdate) in _method.Stores)
        {
            Write(Origins.Itself(Of(target)));
            Keep(target, isUpdate ? Elements(Of(value)) : Of(value));
        }

        _method.Expressions.ForEach(TakeCalls);
        foreach (var value in _method.Returns)
        {
            Effects.Returns.UnionWith(Of(value));
        }

        return Effects.Count + _names.Values.Sum(static origins => origins.Count) > before;
    }

    private HashSet<int> Of(CodeExpression expression) => expression switch
    {
        NameExpression name => _names.GetValueOrDefault(name.Name, Origins.None),
        MemberExpression member => [.. Origins.Opened(Of(member.Owner))],
        ElementExpression element => [.. Origins.Opened(Of(element.Owner))],
        CollectionExpression collection => [.. Origins.Held(collection.Items.SelectMany(Of))],
        OperandsExpression operands => [.. operands.Parts.SelectMany(Of)],
        CallExpression call => [.. ResultOf(_targets.Of(call, _method))],
        _ => Origins.None,
    };

    private IEnumerable<int> ResultOf(CallTarget target)
    {
        var origins = target.Arguments.Select(argument => Of(argument.Value)).ToList();
        var result = target.Effects.SelectMany(known => known.Returns.SelectMany(
            origin => Returned(origin, target, origins)));
        if (target.Operator is { } name)
        {
            var outputs = OperatorEffects.Written(name, target.Arguments)
                .Where(static output => output.Name is not null)
                .SelectMany(output => Of(output.Value));
            result = result.Concat(OperatorEffects.Result(target.Space, name, origins)).Concat(outputs);
        }

        return target.PassesOn ? result.Concat(origins.SelectMany(static any => any)) : result;
    }

    /// <summary>What a callee's result comes from, told in the caller's terms.</summary>
    private static IEnumerable<int> Returned(int origin, CallTarget target, List<HashSet<int>> origins) =>
        origin switch
        {
            Origins.Constants or ~Origins.Constants => [origin],
            < 0 => Origins.Held(target.Matching(~origin).SelectMany(place => origins[place])),
            _ => target.Matching(origin).SelectMany(place => origins[place]),
        };

    private void TakeCalls(CodeExpression expression)
    {
        switch (expression)
        {
            case MemberExpression member:
                TakeCalls(member.Owner);
                break;
            case ElementExpression element:
                TakeCalls(element.Owner);
                element.Places.ToList().ForEach(TakeCalls);
                break;
            case CollectionExpression collection:
                collection.Items.ToList().ForEach(TakeCalls);
                break;
            case OperandsExpression operands:
                operands.Parts.ToList().ForEach(TakeCalls);
                break;
            case CallExpression call:
                TakeCall(_targets.Of(call, _method));
                TakeCalls(call.Callee);
                call.Arguments.ToList().ForEach(argument => TakeCalls(argument.Value));
                break;
        }
    }

    private void TakeCall(CallTarget target)
    {
        if (target.Operator is { } name)
        {
            TakeOperator(name, target.Arguments);
        }

        foreach (var known in target.Effects)
        {
            Write(known.Writes.SelectMany(target.Matching).SelectMany(place => Reached(target, place)));
            foreach (var place in known.Keeps.SelectMany(target.Matching).ToList())
            {
                Keep(target.Arguments[place].Value, target.Arguments.SelectMany(argument => Of(argument.Value)));
            }
        }
    }

    private void TakeOperator(string name, IReadOnlyList<CodeArgument> arguments)
    {
        foreach (var written in OperatorEffects.Written(name, arguments))
        {
            var origins = Of(written.Value);
            Write(OperatorEffects.IsCollectionWrite(name) ? Origins.Itself(origins) : Origins.Reached(origins));
        }

        // Elements of a list that go into another one; a tensor keeps nothing of what is added to it.
        if (OperatorEffects.Keeps(name) && arguments.Count > 1)
        {
            var kept = arguments.Skip(1).SelectMany(argument => Of(argument.Value));
            var isList = OperatorEffects.IsCollectionWrite(name);
            Keep(arguments[0].Value, isList ? kept : Elements(kept));
        }
    }

    private static IEnumerable<int> Elements(IEnumerable<int> origins) => origins.Where(static origin => origin < 0);

    private IEnumerable<int> Reached(CallTarget target, int place) =>
        Origins.Reached(Of(target.Arguments[place].Value));

    private void Write(IEnumerable<int> parameters) => Effects.Writes.UnionWith(parameters.ToList());

    private void Keep(CodeExpression target, IEnumerable<int> origins)
    {
        Effects.Keeps.UnionWith(Origins.Itself(Of(target)));
        if (target.Root is NameExpression name)
        {
            Add(name.Name, Origins.Held(origins));
        }
    }

    private void Add(string name, IEnumerable<int> origins)
    {
        var added = origins.ToList();
        if (!_names.TryGetValue(name, out var known))
        {
            _names.Add(name, known = []);
        }

        known.UnionWith(added);
    }
}
