namespace MlCluster.Inference.Scripting;

/// <summary>Decides whether a <c>forward</c> fits what was registered.</summary>
internal static class CallingForms
{
    /// <summary>Refuses a module that would be called in a form it does not have.</summary>
    /// <exception cref="ModelFormatException">
    /// Says what the module has, what was expected and how to fix it.
    /// </exception>
    public static void Check(ForwardSignature forward, CallForm form)
    {
        if (forward.GivesOtherDict)
        {
            throw new ModelFormatException($"the model is {forward}; a dict that it gives must be Dict[str, Tensor]");
        }

        if (form.Style == CallStyle.Dict || (form.Style == CallStyle.Either && forward.TakesDict))
        {
            CheckDict(forward, form);
        }
        else
        {
            CheckPositional(forward, form);
        }
    }

    private static void CheckDict(ForwardSignature forward, CallForm form)
    {
        if (!forward.TakesDict)
        {
            throw new ModelFormatException(
                $"the model is {forward}, but {form.Caller} calls forward with one "
                + "Dict[str, Tensor]: " + (forward.TakesTensors(form.Inputs.Count)
                    ? "register it as huggingface_transformers, or export the whole pipeline"
                    : "export it so that it takes that alone"));
        }

        if (!forward.Parameters.Skip(1).All(parameter => parameter.IsOptional))
        {
            throw new ModelFormatException($"the model is {forward}; it must take the dict alone");
        }
    }

    private static void CheckPositional(ForwardSignature forward, CallForm form)
    {
        if (forward.TakesDict)
        {
            throw new ModelFormatException(
                $"the model is {forward}, but {form.Caller} calls forward with the tensors {form.InputList}: "
                + (form.Caller.StartsWith("framework_type", StringComparison.Ordinal)
                    ? "register it as sentence_transformers"
                    : "export it so that it takes them one after the other"));
        }

        if (!forward.TakesTensors(form.Inputs.Count))
        {
            throw new ModelFormatException(
                $"the model is {forward}; it must take the tensors {form.InputList} and nothing else");
        }
    }
}
