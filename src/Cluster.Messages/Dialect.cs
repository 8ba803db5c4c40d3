namespace MlCluster.Messages;

/// <summary>The generation of the API that last acted on a model or task: it is answered in those words.</summary>
public enum Dialect
{
    /// <summary><c>_register</c>, <c>_deploy</c>, <c>_undeploy</c>: today's words; also how documents are
    /// stored.</summary>
    Current = 0,

    /// <summary><c>_upload</c>, <c>_load</c>, <c>_unload</c>: the words of OpenSearch 2.4.</summary>
    Legacy = 1,
}
