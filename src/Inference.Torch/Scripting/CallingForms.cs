namespace MlCluster.Inference.Scripting;

/// <summary>Decides whether a <c>forward</c> fits what was registered.</summary>
internal static class CallingForms
{
    private const int Tensors = 2;

    /// <summary>Refuses a module that would be called in a form it does not have.</summary>
    /// <exception cref="ModelFormatException">
    /// Says what the module has, what was expected and how to fix it.
    /// </exception>
    public static void Check(ForwardSignature forward, FrameworkType framework)
    {
        if (forward.GivesOtherDict)
        {
            throw new ModelFormatException($"the model is {forward}; a dict that it gives must be Dict[str, Tensor]");
        }

        if (framework == FrameworkType.SentenceTransformers)
        {
            CheckDict(forward);
        }
        else
        {
            CheckPositional(forward);
        }
    }

    private static void CheckDict(ForwardSignature forward)
    {
        if (!forward.TakesDict)
        {
            throw new ModelFormatException(
                $"the model is {forward}, but framework_type sentence_transformers calls forward with one "
                + "Dict[str, Tensor]: " + (forward.TakesTensors(Tensors)
                    ? "register it as huggingface_transformers, or export the whole pipeline"
                    : "export it so that it takes that alone"));
        }

        if (!forward.Parameters.Skip(1).All(parameter => parameter.IsOptional))
        {
            throw new ModelFormatException($"the model is {forward}; it must take the dict alone");
        }
    }

    private static void CheckPositional(ForwardSignature forward)
    {
        if (forward.TakesDict)
        {
            throw new ModelFormatException(
                $"the model is {forward}, but framework_type huggingface_transformers calls forward with the tensors "
                + "input_ids and attention_mask: register it as sentence_transformers");
        }

        if (!forward.TakesTensors(Tensors))
        {
            throw new ModelFormatException(
                $"the model is {forward}; it must take the tensors input_ids and attention_mask and nothing else");
        }
    }
}
