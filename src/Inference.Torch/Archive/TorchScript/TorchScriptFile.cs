using System.Text;
using MlCluster.Inference.Archive.TorchScript.Code;
using MlCluster.Inference.Archive.TorchScript.Pickle;

namespace MlCluster.Inference.Archive.TorchScript;

/// <summary>
/// Checks a <c>.pt</c> before libtorch sees it: records, tensors' sizes, and the operators its code names.
/// </summary>
/// <remarks>
/// libtorch trusts these files: it reads past short storages and runs any operator, those that read and write files
/// included. What cannot be told without compiling (unknown operators, endless loops, types that do not fit) is the
/// rehearsal's part, in a process of its own.
/// </remarks>
public static class TorchScriptFile
{
    private const string CodeFolder = "code/";
    private const string DebugSuffix = ".debug_pkl";
    private const string Cure = "export it with torch.jit.trace or torch.jit.script and torch.jit.save";
    private static readonly string[] VersionRecords = ["version", ".data/version"];

    /// <summary>Checks a file.</summary>
    /// <param name="path">The <c>.pt</c>.</param>
    /// <param name="limits">What it may cost.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    /// <exception cref="ModelFormatException">It is not TorchScript, damaged, or names what no model may.</exception>
    public static TorchScriptInfo Check(string path, TorchScriptLimits limits, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096);
        var what = Path.GetFileName(path);
        RefuseLegacyPickle(file, what);
        var records = RecordTable.Read(file, what, limits);
        CheckLayout(records, what);
        CheckVersion(records, what);
        CheckCodeSize(records, what, limits);
        foreach (var name in records.Names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CheckCode(records, name, what, limits);
        }

        return new TorchScriptInfo(records.Root, CheckPickles(records, what, limits));
    }

    internal static ModelFormatException NotTorchScript(string what, string reason) =>
        new($"{what} is not TorchScript: {reason}; {Cure}");

    private static void RefuseLegacyPickle(FileStream file, string what)
    {
        Span<byte> start = stackalloc byte[2];
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == 2 && start is [0x80, 2])
        {
            throw NotTorchScript(what, "it was written by torch.save");
        }
    }

    private static void CheckLayout(RecordTable records, string what)
    {
        if (records.Has("model.json"))
        {
            throw NotTorchScript(what, "it has the format of PyTorch before 1.4");
        }

        var hasCode = records.Names.Any(name => name.StartsWith(CodeFolder, StringComparison.OrdinalIgnoreCase));
        if (!hasCode && records.Has("bytecode.pkl"))
        {
            throw NotTorchScript(what, "it was saved for the mobile interpreter");
        }

        if (!hasCode && records.Has("data.pkl"))
        {
            throw NotTorchScript(what, "it was written by torch.save and has no code");
        }

        if (!hasCode || !records.Has("data.pkl") || !records.Has("constants.pkl"))
        {
            throw NotTorchScript(what, "it lacks code, data.pkl or constants.pkl");
        }
    }

    /// <summary>libtorch reads the version with a function whose exception it does not catch.</summary>
    private static void CheckVersion(RecordTable records, string what)
    {
        foreach (var name in VersionRecords.Where(records.Has))
        {
            var text = Encoding.Latin1.GetString(records.ReadBytes(name, limit: 64)).TrimEnd();
            if (text.Length is 0 or > 9 || !text.All(char.IsAsciiDigit))
            {
                throw NotTorchScript(what, $"its record {name} is not a number");
            }
        }
    }

    private static void CheckCodeSize(RecordTable records, string what, TorchScriptLimits limits)
    {
        var total = records.Names.Where(IsCode).Sum(name => records.SizeOf(name) ?? 0);
        if (total > limits.MaxTotalCodeBytes)
        {
            throw new ModelFormatException(
                $"{what} has {total} bytes of code; the limit is {limits.MaxTotalCodeBytes}");
        }
    }

    private static bool IsCode(string name) =>
        name.EndsWith(".py", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(DebugSuffix, StringComparison.OrdinalIgnoreCase);

    private static void CheckCode(RecordTable records, string name, string what, TorchScriptLimits limits)
    {
        var inCode = name.StartsWith(CodeFolder, StringComparison.OrdinalIgnoreCase);
        if (name.EndsWith(".py", StringComparison.OrdinalIgnoreCase))
        {
            OperatorCheck.Check(records.ReadBytes(name, limits.MaxCodeBytes), $"{what}, {name}");
        }
        else if (name.EndsWith(DebugSuffix, StringComparison.OrdinalIgnoreCase))
        {
            ReadPickle(records, name, "debug/", what, limits);
        }
        else if (inCode)
        {
            throw NotTorchScript(what, $"{name} is neither code nor its debug record");
        }
    }

    private static string CheckPickles(RecordTable records, string what, TorchScriptLimits limits)
    {
        if (ReadPickle(records, "constants.pkl", "constants/", what, limits) is not TupleValue)
        {
            throw NotTorchScript(what, "constants.pkl holds no tuple");
        }

        return ReadPickle(records, "data.pkl", "data/", what, limits) is ObjectValue module
            ? module.TypeName
            : throw NotTorchScript(what, "data.pkl holds no module");
    }

    private static PickleValue ReadPickle(
        RecordTable records, string name, string tensorFolder, string what, TorchScriptLimits limits) =>
        new PickleMachine(
            records.ReadBytes(name, limits.MaxPickleBytes),
            new TensorStore($"{what}, {name}", key => records.SizeOf(tensorFolder + key)),
            limits).Run();
}
