namespace MlCluster.Inference.Batching;

/// <summary>What worker threads tell their scheduler.</summary>
internal interface IWorkerEvents
{
    /// <summary>A worker has run its warm-up.</summary>
    void Warm();

    /// <summary>A forward ran past its deadline; its thread is given up.</summary>
    void GaveUp(RunningForward forward);

    /// <summary>The warm-up failed, or a worker met a bug.</summary>
    void Failed(Exception error);

    /// <summary>A worker's thread ends, even one that was given up.</summary>
    void Ended();
}
