using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Settings;

/// <summary>Refuses what settings have switched off.</summary>
/// <remarks>Texts: contract 3.1, 3.2, 3.8.</remarks>
internal sealed class SettingsGate(IClusterSettings settings)
{
    /// <summary>Models that run in the cluster, in any way.</summary>
    /// <exception cref="ApiException">400.</exception>
    public void CheckLocalModels()
    {
        if (!settings.Current.Get(MlSettings.LocalModels))
        {
            throw ApiError.OfStatus(
                400,
                "Local Model is currently disabled. To enable it, update the setting "
                + $"\"{MlSettings.LocalModels.Name}\" to true.").ToException();
        }
    }

    /// <summary>Registration from a URL.</summary>
    /// <exception cref="ApiException">400.</exception>
    public void CheckUrl() => Require(
        MlSettings.AllowUrl,
        "To upload custom model user needs to enable allow_registering_model_via_url settings. "
        + "Otherwise please use OpenSearch pre-trained models.");

    /// <summary>The document of a registration by chunks.</summary>
    /// <exception cref="ApiException">400.</exception>
    public void CheckMeta() => Require(MlSettings.AllowLocalFile, NoLocalFile);

    /// <summary>A chunk; OpenSearch ends this text in a period.</summary>
    /// <exception cref="ApiException">400.</exception>
    public void CheckChunk() => Require(MlSettings.AllowLocalFile, NoLocalFile + ".");

    /// <summary>Nodes that a load or unload names.</summary>
    /// <exception cref="ApiException">400.</exception>
    public void CheckNodeIds(IReadOnlyCollection<string> nodes)
    {
        if (nodes.Count > 0)
        {
            Require(MlSettings.AllowCustomDeploymentPlan, "Don't allow custom deployment plan");
        }
    }

    /// <summary>True when model groups may say who may use them.</summary>
    public bool ControlsAccess => settings.Current.Get(MlSettings.ModelAccessControl);

    /// <summary>Controllers of models, in any way.</summary>
    /// <exception cref="ApiException">400.</exception>
    public void CheckControllers() => Require(
        MlSettings.Controllers,
        "Controller is currently disabled. To enable it, update the setting "
        + $"\"{MlSettings.Controllers.Name}\" to true.");

    private const string NoLocalFile =
        "To upload custom model from local file, user needs to enable allow_registering_model_via_local_file settings. "
        + "Otherwise please use opensearch pre-trained models";

    private void Require(Setting<bool> setting, string refusal)
    {
        if (!settings.Current.Get(setting, whenUnset: true))
        {
            throw ApiError.IllegalArgument(refusal).ToException();
        }
    }
}
