using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Registration;

/// <summary>Reads <c>deploy_setting</c> (contract 3.1).</summary>
internal static class DeploySettingBody
{
    /// <summary>Reads the object at the reader.</summary>
    /// <exception cref="ApiException">400: something is wrong.</exception>
    public static DeploySetting Read(ref JsonPull json)
    {
        var setting = new DeploySetting(null, null);
        json.BeginObject();
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "is_auto_deploy_enabled":
                    setting = setting with { IsAutoDeployEnabled = json.Boolean() };
                    break;
                case "model_ttl_minutes":
                    setting = setting with { ModelTtlMinutes = json.Long() };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return setting;
    }
}
