namespace MlCluster.Node.Telemetry;

/// <summary>What a node is asked to do with a model, in the words of statistics (contract 7).</summary>
internal static class ActionNames
{
    public const string Register = "register";
    public const string Deploy = "deploy";
    public const string Undeploy = "undeploy";
    public const string Predict = "predict";
}
