namespace MlCluster.Inference.Scripting;

/// <summary>A TorchScript file that can be called with plain tensors.</summary>
/// <param name="Path">The file itself, or a prepared copy beside it.</param>
/// <param name="Method">Takes <c>input_ids, attention_mask</c>, and more where the function has more.</param>
/// <param name="NamedMethod">The same with names; null when the outputs have none.</param>
internal sealed record CallableModule(string Path, string Method, string? NamedMethod)
{
    private const string Forward = "forward";

    /// <summary>Finds out how a file is called and prepares a copy where it cannot be called as it is.</summary>
    /// <exception cref="ModelFormatException">
    /// Not a TorchScript archive, or its forward does not fit the registered framework.
    /// </exception>
    /// <exception cref="InferenceException">The copy cannot be written.</exception>
    public static CallableModule Prepare(string modelFile, CallForm form)
    {
        try
        {
            using var archive = ScriptArchive.Open(modelFile);
            return Prepare(archive, modelFile, form);
        }
        catch (InvalidDataException cause)
        {
            throw new ModelFormatException($"the model file is not a TorchScript archive: {cause.Message}", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InferenceException($"the model cannot be prepared for calls: {cause.Message}", cause);
        }
    }

    private static CallableModule Prepare(ScriptArchive archive, string modelFile, CallForm form)
    {
        var forward = archive.Class.Forward();
        CallingForms.Check(forward, form);
        if (forward is { TakesDict: false, GivesDict: false })
        {
            return new CallableModule(modelFile, Forward, NamedMethod: null);
        }

        var prepared = archive.Prepare(
            EntryMethods.Write(archive.Class.QualifiedName, forward, form.Inputs), form.Inputs.Count);
        return new CallableModule(prepared, EntryMethods.Plain, forward.GivesDict ? EntryMethods.Named : null);
    }
}
