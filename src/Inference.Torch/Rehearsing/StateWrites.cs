using System.IO.Compression;
using System.Text;
using MlCluster.Inference.Rehearsing.Effects;

namespace MlCluster.Inference.Rehearsing;

/// <summary>Reads a TorchScript file's code for writes to the module's own state.</summary>
/// <remarks>
/// A model that keeps something in an attribute while it runs answers right every time one call runs, and wrong when
/// two overlap; no probe finds that for sure, the code shows it. Looked for: whatever writes to what can be reached
/// from a module, by a statement, by an operator or in a method or function that gets hold of it, be it handed over or
/// given back, under whatever names and through whatever views. Where it cannot be told which method a call goes to,
/// all of that name count; code that cannot be read counts as code that writes. A false alarm costs speed, never
/// answers.
/// </remarks>
internal static class StateWrites
{
    private const string CodeFolder = "/code/";
    private const string CodeExtension = ".py";

    /// <summary>Tells whether any method but <c>__setstate__</c> and <c>__init__</c> writes to its module.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or its code holds what no code does.</exception>
    public static bool InFile(string modelFile)
    {
        try
        {
            using var zip = ZipFile.OpenRead(modelFile);
            return InCode(zip.Entries.Where(IsCode).Select(entry => (Module(entry), Bytes(entry))));
        }
        catch (InvalidDataException e)
        {
            throw new ModelFormatException($"the model file is damaged: {e.Message}", e);
        }
    }

    /// <summary>Reads one code file, of the module <c>__torch__</c>.</summary>
    public static bool InCode(string code) => InCode([("__torch__", Encoding.UTF8.GetBytes(code))]);

    private static bool InCode(IEnumerable<(string Module, byte[] Source)> files)
    {
        var code = new ScriptCode();
        try
        {
            foreach (var (module, source) in files)
            {
                ScriptCodeReader.Read(source, module, code);
            }
        }
        catch (UnreadableCodeException)
        {
            return true;
        }

        return Writes(code);
    }

    private static bool Writes(ScriptCode code)
    {
        var known = new Dictionary<ScriptMethod, MethodAnalysis>(ReferenceEqualityComparer.Instance);
        var targets = new CallTargets(code, method => known[method].Effects);
        foreach (var method in code.Methods)
        {
            known.Add(method, new MethodAnalysis(method, targets));
        }

        bool grew;
        do
        {
            grew = false;
            foreach (var method in known.Values)
            {
                grew |= method.Grow();
                if (method.WritesState)
                {
                    return true;
                }
            }
        }
        while (grew);
        return false;
    }

    private static bool IsCode(ZipArchiveEntry entry) =>
        entry.FullName.EndsWith(CodeExtension, StringComparison.OrdinalIgnoreCase)
        && entry.FullName.Contains(CodeFolder, StringComparison.OrdinalIgnoreCase);

    private static string Module(ZipArchiveEntry entry)
    {
        var start = entry.FullName.IndexOf(CodeFolder, StringComparison.OrdinalIgnoreCase) + CodeFolder.Length;
        return entry.FullName[start..^CodeExtension.Length].Replace('/', '.');
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
