using System.Globalization;
using System.Text.RegularExpressions;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Groups;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Groups;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Registration;

/// <summary>Body of both ways to register a model (contract 3.1, 3.2), as far as fields are there.</summary>
internal sealed partial record RegistrationBody
{
    public string? Name { get; init; }
    public string? Version { get; init; }
    public string? Description { get; init; }
    public string? FunctionName { get; init; }
    public string? ModelFormat { get; init; }
    public ModelConfig? Config { get; init; }
    public string? ModelGroupId { get; init; }
    public string? Url { get; init; }
    public string? Sha256 { get; init; }
    public string? ModelId { get; init; }
    public long? SizeBytes { get; init; }
    public int? TotalChunks { get; init; }
    public IReadOnlyList<string> NodeIds { get; init; } = [];
    public bool? IsEnabled { get; init; }
    public RateLimiter? RateLimiter { get; init; }
    public DeploySetting? DeploySetting { get; init; }
    public ModelInterface? Interface { get; init; }

    /// <summary>Of the group that is made for the model, if one is.</summary>
    public AccessFields Access { get; init; } = new();

    private string Function => FunctionName ?? FunctionNames.TextEmbedding;

    /// <summary>Reads a body; what is required depends on the way and is checked after.</summary>
    /// <exception cref="ApiException">400: it cannot be read, or a value is wrong.</exception>
    public static RegistrationBody Parse(ReadOnlySpan<byte> body)
    {
        var json = new JsonPull(body);
        var read = new RegistrationBody();
        json.BeginObject();
        while (json.NextField(out var name))
        {
            read = read.ReadText(name, ref json) ?? read.ReadOther(name, ref json);
        }

        return read.Config is { } config
            ? read with { Config = ModelConfigBody.Check(config, read.Function) }
            : read;
    }

    /// <summary>Checks an upload by URL, or by the name of a pretrained model where there is no URL.</summary>
    /// <param name="urlRefusal">Says why a URL may not be fetched; null: it may.</param>
    public RegistrationBody CheckForUrl(Func<string, string?> urlRefusal)
    {
        CheckName(Name);
        Require(ModelFormat, "model format is null");
        if (Url is null)
        {
            // The repository says the rest.
            Require(Version, "model version is null: a pretrained model has one; or give the url of an archive");
            return CheckId();
        }

        RequireConfig();
        return urlRefusal(Url) is { } refusal ? throw ApiError.IllegalArgument(refusal).ToException() : CheckId();
    }

    /// <summary>Checks an upload in chunks.</summary>
    public RegistrationBody CheckForChunks()
    {
        Require(Name, "model name is null");
        CheckName(Name);
        Require(ModelFormat, "model format is null");
        RequireConfig();
        Require(Sha256, "model content hash value is null");
        Require(TotalChunks, "total chunks field is null");
        return CheckId();
    }

    /// <summary>What is stored; call it after a check.</summary>
    /// <param name="group">The model's group, and its version there where the body has none.</param>
    public ModelSpec ToSpec(GroupMembership group) => new(
        Name!,
        Version ?? group.Version.ToString(CultureInfo.InvariantCulture),
        Description,
        Function,
        ModelFormat!,
        Config ?? ModelConfigRules.None,
        group.GroupId.Value)
    {
        IsEnabled = IsEnabled,
        RateLimiter = RateLimiter,
        DeploySetting = DeploySetting,
        Interface = Interface,
    };

    private RegistrationBody? ReadText(string field, ref JsonPull json) => field switch
    {
        "name" => this with { Name = json.Text() },
        "version" => this with { Version = json.Text() },
        "description" => this with { Description = json.Text() },
        "function_name" => this with { FunctionName = KnownNames.Function(json.Text()) },
        "model_format" => this with { ModelFormat = KnownNames.Format(json.Text()) },
        "model_group_id" => this with { ModelGroupId = json.Text() },
        "url" => this with { Url = json.Text() },
        "model_content_hash_value" => this with { Sha256 = Hash(json.Text()) },
        "model_id" => this with { ModelId = json.Text() },
        _ => null,
    };

    private RegistrationBody ReadOther(string field, ref JsonPull json)
    {
        switch (field)
        {
            case "model_config":
                return this with { Config = ModelConfigBody.Read(ref json) };
            case "model_node_ids":
                return this with { NodeIds = json.Ids("node_ids") };
            case "model_content_size_in_bytes":
                return this with { SizeBytes = json.Long() };
            case "total_chunks":
                return this with { TotalChunks = json.Integer() };
            case "model_state":
                KnownNames.CheckModelState(json.Text());
                return this;
            case "is_enabled":
                return this with { IsEnabled = json.Boolean() };
            case "rate_limiter":
                return this with { RateLimiter = RateLimiterBody.Read(ref json) };
            case "deploy_setting":
                return this with { DeploySetting = DeploySettingBody.Read(ref json) };
            case "interface":
                return this with { Interface = InterfaceBody.Read(ref json) };
            default:
                return ReadAccess(field, ref json);
        }
    }

    private RegistrationBody ReadAccess(string field, ref JsonPull json)
    {
        if (AccessBody.Read(Access, field, ref json) is { } access)
        {
            return this with { Access = access };
        }

        json.Skip();
        return this;
    }

    private static string Hash(string text) => HashPattern().IsMatch(text)
        ? text.ToLower(CultureInfo.InvariantCulture)
        : throw ApiError.IllegalArgument(
            "model_content_hash_value must be the SHA-256 of the archive in 64 hex digits").ToException();

    /// <summary>Checks a model's name.</summary>
    /// <exception cref="ApiException">400: it is blank, or has characters that none may have.</exception>
    public static void CheckName(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw ApiError.Validation("Model name is required and cannot be null or blank").ToException();
        }

        if (!NamePattern().IsMatch(name))
        {
            throw ApiError.Validation(
                "Model name can only contain letters, numbers, spaces, and basic punctuation (.,!?():@-_'/\")")
                    .ToException();
        }
    }

    private RegistrationBody CheckId()
    {
        var problem = ModelId switch
        {
            null => null,
            _ when string.IsNullOrWhiteSpace(ModelId) => "model id is invalid",
            ['_', ..] => "model id must not start with '_'",
            ['-', ..] => "model id must not start with '-'",
            { Length: > 512 } => "model id is too long, max length is 512",
            _ when !Messages.ModelId.TryParse(ModelId, out _) =>
                "model id must contain only letters, digits, underscores, and hyphens, and must start with a letter "
                + "or digit",
            _ => null,
        };
        RegistrationLimits.Check(this);
        return problem is null ? this : throw ApiError.IllegalArgument(problem).ToException();
    }

    private void RequireConfig() =>
        Require(ModelConfigRules.NeedsConfig(Function) ? Config : ModelConfigRules.None, "model config is null");

    private static void Require(object? value, string problem)
    {
        if (value is null)
        {
            throw ApiError.IllegalArgument(problem).ToException();
        }
    }

    [GeneratedRegex(@"\A[0-9a-fA-F]{64}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HashPattern();

    [GeneratedRegex(@"\A[\p{L}\p{N}\s.,!?():@\-_'/""]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
