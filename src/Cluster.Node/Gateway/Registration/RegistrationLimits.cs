using System.Globalization;
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
        Check("name", body.Name, Name);
        Check("version", body.Version, Name);
        Check("description", body.Description, Description);
        Check("model_group_id", body.ModelGroupId, Name);
        Check("url", body.Url, Url);
        Check("model_type", body.Config?.ModelType, Name);
        Check("query_prefix", body.Config?.QueryPrefix, Description);
        Check("passage_prefix", body.Config?.PassagePrefix, Description);
        Check("all_config", body.Config?.AllConfig, Config);
        Check("additional_config", body.Config?.AdditionalConfig, Config);
        if (body.SizeBytes < 0)
        {
            throw Refuse($"model_content_size_in_bytes must not be negative: {body.SizeBytes}");
        }
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
