using MlCluster.Inference.Batching;

namespace MlCluster.Inference;

/// <summary>
/// Loads the models of one format. Everything around them, from tokenizer to queue, is the same for all.
/// </summary>
internal interface IModelLoader
{
    /// <summary>Where a model that is wanted on a device really runs.</summary>
    InferenceDevice DeviceFor(InferenceDevice wanted);

    /// <summary>Loads an unpacked, checked file.</summary>
    /// <param name="rehearses">True: nothing is taken for granted that an earlier forward showed.</param>
    /// <exception cref="ModelFormatException">It does not fit what was registered.</exception>
    /// <exception cref="InferenceException">It cannot be loaded.</exception>
    IForwardModel Load(string modelFile, FunctionConfig config, InferenceDevice device, bool rehearses);

    /// <summary>Tells by reading whether a model keeps something from one forward for the next.</summary>
    bool WritesState(string modelFile);
}
