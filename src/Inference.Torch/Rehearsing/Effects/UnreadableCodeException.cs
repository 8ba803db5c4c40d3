namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>Code that TorchScript's printer does not write: what it does is not told here.</summary>
internal sealed class UnreadableCodeException() : Exception("the code is not as torch.jit.save prints it")
{
    public static void ThrowIf(bool unreadable)
    {
        if (unreadable)
        {
            throw new UnreadableCodeException();
        }
    }
}
