using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Registration;

/// <summary>Body of a change of a model (contract 3.7); null: stays as it is.</summary>
internal sealed record ModelUpdateBody
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? ModelGroupId { get; init; }
    public bool? IsEnabled { get; init; }
    public RateLimiter? RateLimiter { get; init; }
    public ModelConfig? Config { get; init; }
    public DeploySetting? DeploySetting { get; init; }
    public ModelInterface? Interface { get; init; }

    /// <exception cref="ApiException">400: it cannot be read, or a value is wrong.</exception>
    public static ModelUpdateBody Parse(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            throw new ApiError(400, "parse_exception", "Update model request has empty body").ToException();
        }

        var json = new JsonPull(body);
        var read = new ModelUpdateBody();
        json.BeginObject();
        while (json.NextField(out var name))
        {
            read = read.ReadField(name, ref json);
        }

        return read.Check();
    }

    /// <summary>What is to be changed.</summary>
    /// <param name="group">The group that the model goes to; null: it stays.</param>
    public ModelChanges ToChanges(GroupMembership? group) =>
        new(Name, Description, group, IsEnabled, RateLimiter, Config)
        {
            DeploySetting = DeploySetting,
            Interface = Interface,
        };

    private ModelUpdateBody ReadField(string field, ref JsonPull json)
    {
        switch (field)
        {
            case "name":
                return this with { Name = json.Text() };
            case "description":
                return this with { Description = json.Text() };
            case "model_group_id":
                return this with { ModelGroupId = json.Text() };
            case "is_enabled":
                return this with { IsEnabled = json.Boolean() };
            case "rate_limiter":
                return this with { RateLimiter = RateLimiterBody.Read(ref json) };
            case "model_config":
                return this with { Config = ModelConfigBody.Read(ref json) };
            case "deploy_setting":
                return this with { DeploySetting = DeploySettingBody.Read(ref json) };
            case "interface":
                return this with { Interface = InterfaceBody.Read(ref json) };
            case "connector" or "connector_id":
                throw ApiError.OfStatus(
                    400, "Trying to update the connector or connector_id field on a local model.").ToException();
            default:
                json.Skip();
                return this;
        }
    }

    private ModelUpdateBody Check()
    {
        if (Name is not null)
        {
            RegistrationBody.CheckName(Name);
        }

        RegistrationLimits.CheckText(Name, Description);
        RegistrationLimits.Check(Config);
        return Config is { } config ? this with { Config = ModelConfigBody.CheckValues(config) } : this;
    }
}
