using System.IO.Compression;

namespace MlCluster.Inference.Rehearsing;

/// <summary>Reads a TorchScript file's code for writes to the module's own state.</summary>
/// <remarks>
/// A model that keeps something in an attribute while it runs answers right every time one call runs, and wrong when
/// two overlap; no probe finds that for sure, the code shows it. Looked for: assignments to attributes outside
/// <c>__setstate__</c>, in-place operators and <c>out=</c> on attributes or views of them, and attributes handed to
/// a method or function that writes to that parameter, or hands it on to one that does. Which method a call goes to is
/// told by the name alone: all of that name count. A false alarm costs speed, never answers.
/// </remarks>
internal static class StateWrites
{
    /// <summary>Tells whether any method but <c>__setstate__</c> and <c>__init__</c> writes to an attribute.</summary>
    /// <exception cref="InvalidDataException">The file is not a zip.</exception>
    public static bool InFile(string modelFile)
    {
        using var zip = ZipFile.OpenRead(modelFile);
        return InMethods([.. zip.Entries.Where(IsCode).SelectMany(entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return ScriptMethodReader.Read(Lines(reader));
        })]);
    }

    /// <summary>Scans the lines of one code file.</summary>
    public static bool InCode(IEnumerable<string> lines) => InMethods(ScriptMethodReader.Read(lines));

    private static bool InMethods(List<ScriptMethod> methods)
    {
        var known = methods.ConvertAll(method => (Method: method, Origins: new NameOrigins(method)));
        var written = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        bool grew;
        do
        {
            grew = false;
            foreach (var (method, origins) in known)
            {
                var here = WrittenBy(method, origins, written).ToHashSet();
                if (here.Remove(NameOrigins.State) && !method.IsLoading)
                {
                    return true;
                }

                grew |= Add(written, method.Name, here);
            }
        }
        while (grew);
        return false;
    }

    /// <summary>What a method writes to, given the parameters, by number, that methods of a name write to.</summary>
    private static IEnumerable<int> WrittenBy(
        ScriptMethod method, NameOrigins origins, Dictionary<string, HashSet<int>> written) =>
    [
        .. method.SetsAttribute ? [NameOrigins.State] : Array.Empty<int>(),
        .. method.Targets.SelectMany(origins.Of),
        .. method.Calls
            .Where(call => written.ContainsKey(call.Callee))
            .SelectMany(call => call.Arguments.Where((_, number) => written[call.Callee].Contains(number)))
            .SelectMany(origins.OfArgument),
    ];

    private static bool Add(Dictionary<string, HashSet<int>> written, string name, HashSet<int> numbers)
    {
        if (numbers.Count == 0)
        {
            return false;
        }

        if (!written.TryGetValue(name, out var known))
        {
            written.Add(name, known = []);
        }

        var before = known.Count;
        known.UnionWith(numbers);
        return known.Count > before;
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
}
