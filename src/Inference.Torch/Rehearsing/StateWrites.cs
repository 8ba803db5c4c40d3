using System.IO.Compression;
using System.Text.RegularExpressions;

namespace MlCluster.Inference.Rehearsing;

/// <summary>Reads a TorchScript file's code for writes to the module's own state.</summary>
/// <remarks>
/// A model that keeps something in an attribute while it runs answers right every time one call runs, and wrong when
/// two overlap; no probe finds that for sure, the code shows it. Looked for: assignments to attributes outside
/// <c>__setstate__</c>, and in-place operators and <c>out=</c> on attributes or views of them. A false alarm costs
/// speed, never answers.
/// </remarks>
internal static partial class StateWrites
{
    private const int LongestLine = 1 << 16;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    /// <summary>Tells whether any method but <c>__setstate__</c> and <c>__init__</c> writes to an attribute.</summary>
    /// <exception cref="InvalidDataException">The file is not a zip.</exception>
    public static bool InFile(string modelFile)
    {
        using var zip = ZipFile.OpenRead(modelFile);
        return zip.Entries.Where(IsCode).Any(entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return InCode(Lines(reader));
        });
    }

    /// <summary>Scans the lines of one code file.</summary>
    public static bool InCode(IEnumerable<string> lines)
    {
        var loading = false;
        var state = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (Header().Match(line) is { Success: true } header)
            {
                loading = header.Groups["name"].Value is "__setstate__" or "__init__";
                state.Clear();
            }
            else if (!loading && Writes(line, state))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCode(ZipArchiveEntry entry) =>
        entry.FullName.EndsWith(".py", StringComparison.OrdinalIgnoreCase)
        && entry.FullName.Contains("/code/", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static bool Writes(string line, HashSet<string> state)
    {
        if (line.Length > LongestLine || Assignment().IsMatch(line))
        {
            // Code of such lines is not what a compiler writes: assume the worst.
            return true;
        }

        var targets = InPlace().Matches(line).Concat(Output().Matches(line));
        if (targets.Any(before => IsState(line[(before.Index + before.Length)..], state)))
        {
            return true;
        }

        // Never taken back: a name that holds state on one branch alone counts.
        if (Alias().Match(line) is { Success: true } alias && IsState(alias.Groups["value"].Value, state))
        {
            state.Add(alias.Groups["name"].Value);
        }

        return false;
    }

    /// <summary>Tells whether an expression begins with an attribute, or a view of one.</summary>
    private static bool IsState(string expression, HashSet<string> state)
    {
        while (View().Match(expression) is { Success: true } view)
        {
            expression = expression[view.Length..];
        }

        var root = Root().Match(expression);
        return root.Success
            && (state.Contains(root.Groups["name"].Value)
                || (root.Groups["name"].Value == "self" && root.Groups["attribute"].Success));
    }

    [GeneratedRegex(@"^\s*def (?<name>\w+)\(", Options)]
    private static partial Regex Header();

    [GeneratedRegex(@"^\s+[\w.()]+\.\w+ = ", Options)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^\s+(?<name>\w+) = (?<value>.+)$", Options)]
    private static partial Regex Alias();

    /// <summary>Operators that end in one underscore, and those that change a list or a dict.</summary>
    [GeneratedRegex(
        @"(torch|ops\.\w+)\.(\w*[A-Za-z0-9]_|append|extend|insert|pop|clear|remove|reverse|sort|update|setdefault"
        + @"|popitem|_set_item|Delete)\(",
        Options)]
    private static partial Regex InPlace();

    /// <summary>An operator's result goes into a tensor that is there.</summary>
    [GeneratedRegex(@"[(, ]out=", Options)]
    private static partial Regex Output();

    [GeneratedRegex(
        @"^\(*(unchecked_cast\([\w\[\]]+, |torch\.(slice|select|narrow|view|view_as|reshape|flatten|squeeze|unsqueeze"
        + "|expand|expand_as|transpose|permute|t|detach|alias|as_strided|diagonal|contiguous|to|chunk|split"
        + @"|unbind)\()",
        Options)]
    private static partial Regex View();

    /// <summary>A name, or a chain of attributes; a call is neither, its result is new.</summary>
    [GeneratedRegex(
        @"^[(]*(?<name>\w+)(?<attribute>[)]*\.\w+)?([)]*\.\w+)*[)]*(?<end>$|[,)\[ ])",
        Options)]
    private static partial Regex Root();
}
