namespace MlCluster.Inference.Scripting;

/// <summary>The serialized code of the class that a TorchScript archive's top-level module belongs to.</summary>
/// <param name="QualifiedName">Such as <c>__torch__.transformers.models.bert.modeling_bert.BertModel</c>.</param>
/// <param name="File">The text of the file that holds it.</param>
/// <param name="Start">Where the class begins in <paramref name="File"/>.</param>
/// <param name="End">Where it ends.</param>
internal sealed record ClassCode(string QualifiedName, string File, int Start, int End)
{
    private const string ForwardHeader = "  def forward(";

    /// <summary>Finds a class in a code file.</summary>
    /// <exception cref="ModelFormatException">The file does not hold it exactly once.</exception>
    public static ClassCode Find(string qualifiedName, string file)
    {
        var name = qualifiedName[(qualifiedName.LastIndexOf('.') + 1)..];
        var header = $"class {name}(";
        var starts = LineStarts(file).Where(start => IsAt(file, start, header)).ToList();
        return starts.Count == 1
            ? new ClassCode(qualifiedName, file, starts[0], EndOfBlock(file, starts[0]))
            : throw new ModelFormatException($"the model's code holds the class {name} {starts.Count} times");
    }

    /// <summary>What the class's <c>forward</c> takes and gives.</summary>
    /// <exception cref="ModelFormatException">The class has no readable <c>forward</c>.</exception>
    public ForwardSignature Forward()
    {
        var start = LineStarts(File)
            .Where(line => line > Start && line < End && IsAt(File, line, ForwardHeader))
            .Select(line => (int?)line)
            .FirstOrDefault() ?? throw new ModelFormatException($"{QualifiedName} has no method forward");
        var end = File.IndexOf(":\n", start, End - start, StringComparison.Ordinal);
        return end > 0
            ? ForwardSignature.Parse(File[start..end])
            : throw new ModelFormatException("the model's code is damaged: forward has no end");
    }

    /// <summary>Tells whether the class has anything of this name.</summary>
    public bool Mentions(string name) => File.AsSpan(Start, End - Start).Contains(name, StringComparison.Ordinal);

    /// <summary>The file's text with one more method at the end of the class.</summary>
    public string With(string method)
    {
        var body = File[..End].TrimEnd('\n');
        return $"{body}\n{method.TrimEnd('\n')}\n{File[End..]}";
    }

    /// <summary>A class ends where the next line begins that is not indented.</summary>
    private static int EndOfBlock(string file, int start) => LineStarts(file)
        .Where(line => line > start && line < file.Length && file[line] is not (' ' or '\n' or '\r'))
        .Append(file.Length)
        .First();

    private static bool IsAt(string file, int start, string text) =>
        string.CompareOrdinal(file, start, text, 0, text.Length) == 0;

    private static IEnumerable<int> LineStarts(string file)
    {
        var start = 0;
        do
        {
            yield return start;
            start = file.IndexOf('\n', start) + 1;
        }
        while (start > 0);
    }
}
