using System.Globalization;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Registration;

/// <summary>How long the texts of a registration may be: they are kept in the journal and travel with every
/// command.</summary>
internal static class RegistrationLimits
{
    private const int Name = 1_000;
    private const int Description = 10_000;
    private const int Url = 8_000;

    // A config.json with the names of a thousand labels has some 50,000.
    private const int Config = 1_000_000;

    /// <exception cref="ApiException">400: a text is too long, or a size is not one.</exception>
    public static void Check(RegistrationBody body)
    {
        CheckText(body.Name, body.Description);
        Check("version", body.Version, Name);
        Check("model_group_id", body.ModelGroupId, Name);
        Check("url", body.Url, Url);
        Check(body.Config);
        if (body.SizeBytes < 0)
        {
            throw Refuse($"model_content_size_in_bytes must not be negative: {body.SizeBytes}");
        }
    }

    /// <summary>What models and groups are called.</summary>
    /// <exception cref="ApiException">400: a text is too long.</exception>
    public static void CheckText(string? name, string? description)
    {
        Check("name", name, Name);
        Check("description", description, Description);
    }

    /// <exception cref="ApiException">400: a text is too long.</exception>
    public static void Check(ModelConfig? config)
    {
        Check("model_type", config?.ModelType, Name);
        Check("query_prefix", config?.QueryPrefix, Description);
        Check("passage_prefix", config?.PassagePrefix, Description);
        Check("all_config", config?.AllConfig, Config);
        Check("additional_config", config?.AdditionalConfig, Config);
    }

    private static void Check(string field, string? text, int most)
    {
        if (text?.Length > most)
        {
            throw Refuse($"{field} is too long: {text.Length} characters, at most {most} are allowed");
        }
    }

    private static ApiException Refuse(FormattableString reason) =>
        ApiError.IllegalArgument(reason.ToString(CultureInfo.InvariantCulture)).ToException();
}
