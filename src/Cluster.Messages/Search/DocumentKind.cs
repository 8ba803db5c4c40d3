namespace MlCluster.Messages.Search;

/// <summary>What can be searched; the numbers are part of the wire format and of the tables.</summary>
public enum DocumentKind
{
    /// <summary>Documents of models; OpenSearch's index <c>.plugins-ml-model</c>.</summary>
    Model = 1,

    /// <summary>Documents of tasks; OpenSearch's index <c>.plugins-ml-task</c>.</summary>
    Task = 2,

    /// <summary>Documents of model groups; OpenSearch's index <c>.plugins-ml-model-group</c>.</summary>
    ModelGroup = 3,
}
