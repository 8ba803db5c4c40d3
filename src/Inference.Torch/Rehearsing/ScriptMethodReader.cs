using System.Text.RegularExpressions;

namespace MlCluster.Inference.Rehearsing;

/// <summary>Reads the methods and functions of a TorchScript file's code, line by line as its compiler prints it.
/// </summary>
internal sealed partial class ScriptMethodReader
{
    private const int LongestLine = 1 << 16;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    private readonly List<ScriptMethod> _methods = [];
    private readonly Dictionary<string, string> _functions = new(StringComparer.Ordinal);
    private string? _header;

    private ScriptMethodReader()
    {
    }

    /// <summary>Reads one code file.</summary>
    public static List<ScriptMethod> Read(IEnumerable<string> lines)
    {
        var reader = new ScriptMethodReader();
        foreach (var line in lines)
        {
            reader.Take(line);
        }

        return reader._methods;
    }

    private void Take(string line)
    {
        if (_header is not null)
        {
            _header += line;
        }
        else if (line.Length <= LongestLine && Header().IsMatch(line))
        {
            _header = line;
        }
        else
        {
            if (_methods.Count > 0)
            {
                TakeBody(_methods[^1], line);
            }

            return;
        }

        if (_header.Length > LongestLine || CodeArguments.Depth(_header) <= 0)
        {
            Begin(_header);
            _header = null;
        }
    }

    // Parameters stand on lines of their own, so a header ends where its brackets do.
    private void Begin(string text)
    {
        var header = Header().Match(text);
        var isMethod = text[0] == ' ';
        var parameters = CodeArguments.Split(text, header.Length).ConvertAll(p => p.Split(':', '=')[0].Trim());
        _methods.Add(new ScriptMethod(
            header.Groups["name"].Value, isMethod, isMethod ? [.. parameters.Skip(1)] : parameters));
        _functions.Clear();
    }

    private void TakeBody(ScriptMethod method, string line)
    {
        if (line.Length > LongestLine || AttributeSet().IsMatch(line))
        {
            // Code of such lines is not what a compiler writes: assume the worst.
            method.SetsAttribute = true;
            return;
        }

        foreach (var before in InPlace().Matches(line).Concat(Output().Matches(line)))
        {
            method.Targets.Add(line[(before.Index + before.Length)..]);
        }

        if (Assignment().Match(line) is { Success: true } assignment)
        {
            TakeAssignment(method, assignment.Groups["names"].Value.Split(", "), assignment.Groups["value"].Value);
        }

        foreach (Match call in Call().Matches(line))
        {
            if (CalleeOf(call.Groups["path"].Value) is { } callee)
            {
                method.Calls.Add(new ScriptCall(callee, CodeArguments.Split(line, call.Index + call.Length)));
            }
        }
    }

    private void TakeAssignment(ScriptMethod method, string[] names, string value)
    {
        if (Function().Match(value) is { Success: true } function)
        {
            _functions[names[0]] = function.Groups["name"].Value;
            return;
        }

        // "a, b, = (x, self.y)": which is which makes no difference here.
        var parts = names.Length > 1 ? CodeArguments.Elements(value) ?? [value] : [value];
        method.Assignments.AddRange(names.SelectMany(name => parts.Select(part => (name, part))));
    }

    /// <summary>The name of the archive's own code that a call goes to; null: an operator of torch.</summary>
    private string? CalleeOf(string path)
    {
        if (path.StartsWith("torch.", StringComparison.Ordinal) || path.StartsWith("ops.", StringComparison.Ordinal))
        {
            return null;
        }

        var dot = path.LastIndexOf('.');
        return dot < 0 ? _functions.GetValueOrDefault(path) : path[(dot + 1)..];
    }

    [GeneratedRegex(@"^\s*def (?<name>\w+)\(", Options)]
    private static partial Regex Header();

    [GeneratedRegex(@"^\s+[\w.()]+\.\w+ = ", Options)]
    private static partial Regex AttributeSet();

    [GeneratedRegex(@"^\s+(?<names>\w+(, \w+)*),? = (?<value>.+)$", Options)]
    private static partial Regex Assignment();

    /// <summary>A function under a local name: the compiler does that where it calls one more than once.</summary>
    [GeneratedRegex(@"^__torch__(\.\w+)*\.(?<name>\w+)$", Options)]
    private static partial Regex Function();

    /// <summary>What is called; a receiver in brackets leaves the dot at the start.</summary>
    [GeneratedRegex(@"(?<path>[\w.]*\w)\(", Options)]
    private static partial Regex Call();

    /// <summary>Operators that end in one underscore, and those that change a list or a dict.</summary>
    [GeneratedRegex(
        @"(torch|ops\.\w+)\.(\w*[A-Za-z0-9]_|append|extend|insert|pop|clear|remove|reverse|sort|update|setdefault"
        + @"|popitem|_set_item|Delete)\(",
        Options)]
    private static partial Regex InPlace();

    /// <summary>An operator's result goes into a tensor that is there.</summary>
    [GeneratedRegex(@"[(, ]out=", Options)]
    private static partial Regex Output();
}
