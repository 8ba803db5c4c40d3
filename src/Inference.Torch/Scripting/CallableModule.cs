namespace MlCluster.Inference.Scripting;

/// <summary>A TorchScript file that can be called with plain tensors.</summary>
/// <param name="Path">The file itself, or a prepared copy beside it.</param>
/// <param name="Method">Takes <c>input_ids, attention_mask</c>.</param>
/// <param name="NamedMethod">The same with names; null when the outputs have none.</param>
internal sealed record CallableModule(string Path, string Method, string? NamedMethod)
{
    private const string Forward = "forward";

    /// <summary>Finds out how a file is called and prepares a copy where it cannot be called as it is.</summary>
    /// <exception cref="ModelFormatException">
    /// Not a TorchScript archive, or its forward does not fit the registered framework.
    /// </exception>
    public static CallableModule Prepare(string modelFile, FrameworkType framework)
    {
        using var archive = ScriptArchive.Open(modelFile);
        var forward = archive.Class.Forward();
        CallingForms.Check(forward, framework);
        return forward is { TakesDict: false, GivesDict: false }
            ? new CallableModule(modelFile, Forward, NamedMethod: null)
            : new CallableModule(
                archive.Prepare(EntryMethods.Write(archive.Class.QualifiedName, forward)),
                EntryMethods.Plain,
                forward.GivesDict ? EntryMethods.Named : null);
    }
}
