using Akka.Configuration;
using MlCluster.Node.Domain.Pretrained;

namespace MlCluster.Node.Data.Pretrained;

/// <summary>Where pretrained models come from (<c>mlcluster.models</c>).</summary>
/// <param name="Address">Null: no repository is set.</param>
/// <param name="ListPath">The list of its models, from its root.</param>
internal sealed record RepositoryOptions(RepositoryAddress? Address, string ListPath)
{
    /// <summary>The setting that names the repository.</summary>
    public const string Setting = "mlcluster.models.repository";

    private const string DefaultList = "pre_trained_models_list.json";

    /// <summary>Without a repository.</summary>
    public static RepositoryOptions None { get; } = new(null, DefaultList);

    /// <summary>Reads the settings; what is absent keeps its default.</summary>
    /// <exception cref="ConfigurationException">The repository is neither a folder nor a URL.</exception>
    public static RepositoryOptions FromConfig(Config root)
    {
        var text = root.GetString(Setting, "");
        try
        {
            return new RepositoryOptions(
                RepositoryAddress.Parse(text), root.GetString("mlcluster.models.list", DefaultList));
        }
        catch (FormatException e)
        {
            throw new ConfigurationException($"{Setting} [{text}]: {e.Message}", e);
        }
    }
}
