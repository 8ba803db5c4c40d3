namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>All code of a TorchScript file, by name.</summary>
internal sealed class ScriptCode
{
    // Types of real code are told in three or four steps.
    private const int MaxSteps = 10;

    private readonly Dictionary<string, ScriptClass> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ScriptMethod>> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ScriptMethod>> _byName = new(StringComparer.Ordinal);
    private readonly List<ScriptMethod> _methods = [];

    public IReadOnlyList<ScriptMethod> Methods => _methods;

    public void Add(ScriptClass type) => _classes[type.QualifiedName] = type;

    /// <param name="owner">Qualified name of the class or module.</param>
    public void Add(ScriptMethod method, string owner)
    {
        _methods.Add(method);
        AddTo(_byPath, $"{owner}.{method.Name}", method);
        AddTo(_byName, method.Name, method);
    }

    /// <summary>The functions that a qualified name may mean: all of its last name where it is not known.</summary>
    public IReadOnlyList<ScriptMethod> Function(string path) =>
        _byPath.TryGetValue(path, out var known) ? known : Named(path[(path.LastIndexOf('.') + 1)..]);

    /// <summary>The methods that a call may mean: all of that name where nothing tells the object's class.</summary>
    public IReadOnlyList<ScriptMethod> Method(CodeExpression owner, string name, ScriptMethod caller) =>
        ClassOf(owner, caller, MaxSteps) is { IsInterface: false } type
        && _byPath.TryGetValue($"{type.QualifiedName}.{name}", out var known)
            ? known
            : Named(name);

    private List<ScriptMethod> Named(string name) => _byName.TryGetValue(name, out var all) ? all : [];

    private ScriptClass? ClassOf(CodeExpression value, ScriptMethod method, int steps) => value switch
    {
        _ when steps == 0 => null,
        NameExpression name when name.Name == method.Self => method.Class,
        NameExpression name => ClassOfName(name.Name, method, steps - 1),
        MemberExpression member => ClassOfAttribute(member.Owner, member.Member, method, steps - 1),
        CallExpression
        {
            Callee: NameExpression { Name: "getattr" },
            Arguments: [{ Value: var owner }, { Value: LiteralExpression { Text: [_, .., _] text } }],
        }
            => ClassOfAttribute(owner, text[1..^1], method, steps - 1),
        _ => null,
    };

    private ScriptClass? ClassOfName(string name, ScriptMethod method, int steps)
    {
        var values = method.ValuesOf(name).Take(2).ToList();
        var parameter = method.Parameters.FirstOrDefault(parameter => parameter.Name == name);
        return (values, parameter) switch
        {
            ([var only], null) => ClassOf(only, method, steps),
            ([], { Type: var type }) => _classes.GetValueOrDefault(type),
            _ => null,
        };
    }

    private ScriptClass? ClassOfAttribute(CodeExpression owner, string attribute, ScriptMethod method, int steps) =>
        ClassOf(owner, method, steps) is { } type && type.Attributes.TryGetValue(attribute, out var text)
            ? _classes.GetValueOrDefault(text)
            : null;

    private static void AddTo(Dictionary<string, List<ScriptMethod>> index, string key, ScriptMethod method)
    {
        if (!index.TryGetValue(key, out var methods))
        {
            index.Add(key, methods = []);
        }

        methods.Add(method);
    }
}
