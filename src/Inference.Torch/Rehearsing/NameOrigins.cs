using System.Text.RegularExpressions;

namespace MlCluster.Inference.Rehearsing;

/// <summary>Where the values of a method's names may come from: parameters, by their number, or the module's state.
/// </summary>
/// <remarks>
/// A name is never taken back: one that holds state on one branch alone, or in a loop's second round, counts.
/// </remarks>
internal sealed partial class NameOrigins
{
    /// <summary>The number that stands for the module's own state.</summary>
    public const int State = -1;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    private static readonly HashSet<int> Nothing = [];
    private static readonly HashSet<int> StateAlone = [State];

    private readonly Dictionary<string, HashSet<int>> _byName = new(StringComparer.Ordinal);
    private readonly bool _hasSelf;

    public NameOrigins(ScriptMethod method)
    {
        _hasSelf = method.IsMethod;
        foreach (var (number, name) in method.Parameters.Index())
        {
            Add(name, [number]);
        }

        bool grew;
        do
        {
            grew = false;
            foreach (var (name, value) in method.Assignments)
            {
                grew |= Add(name, Of(value));
            }
        }
        while (grew);
    }

    /// <summary>Origins of an expression that begins with a name, an attribute, or a view of one.</summary>
    public HashSet<int> Of(string expression)
    {
        while (View().Match(expression) is { Success: true } view)
        {
            expression = expression[view.Length..];
        }

        var root = Root().Match(expression);
        if (!root.Success)
        {
            return Nothing;
        }

        var name = root.Groups["name"].Value;
        return _hasSelf && name == "self" && root.Groups["attribute"].Success
            ? StateAlone
            : _byName.GetValueOrDefault(name, Nothing);
    }

    /// <summary>The same for what is handed to a method, which may also be a list that is made for it.</summary>
    public IEnumerable<int> OfArgument(string expression) =>
        CodeArguments.Elements(expression) is { } elements ? elements.SelectMany(OfArgument) : Of(expression);

    private bool Add(string name, IEnumerable<int> origins)
    {
        if (!_byName.TryGetValue(name, out var known))
        {
            _byName.Add(name, known = []);
        }

        var before = known.Count;
        known.UnionWith(origins);
        return known.Count > before;
    }

    [GeneratedRegex(
        @"^\(*((unchecked_cast|annotate)\([\w\[\].]+, |torch\.(slice|select|narrow|view|view_as|reshape|flatten"
        + "|squeeze|unsqueeze|expand|expand_as|transpose|permute|t|detach|alias|as_strided|diagonal|contiguous|to"
        + @"|chunk|split|unbind)\()",
        Options)]
    private static partial Regex View();

    /// <summary>A name, or a chain of attributes; a call is neither, its result is new.</summary>
    [GeneratedRegex(
        @"^[(]*(?<name>\w+)(?<attribute>[)]*\.\w+)?([)]*\.\w+)*[)]*(?<end>$|[,)\[ ])",
        Options)]
    private static partial Regex Root();
}
