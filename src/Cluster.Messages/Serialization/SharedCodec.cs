using MlCluster.Messages.Models;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Parts that several messages and events carry.</summary>
internal static class SharedCodec
{
    public static Wire.ProtocolError ToWire(this ProtocolError error) => new()
    {
        Code = FromEnum(error.Code),
        Reason = error.Reason,
        Cause = error.Cause is { } cause ? new Wire.ErrorCause { Type = cause.Type, Reason = cause.Reason } : null,
    };

    public static ProtocolError ToRecord(this Wire.ProtocolError wire) => new(ToEnum<ErrorCode>(wire.Code), wire.Reason)
    {
        Cause = wire.Cause is { } cause ? new ErrorCause(cause.Type, cause.Reason) : null,
    };

    public static Wire.ModelSpec ToWire(this ModelSpec spec) => new()
    {
        Name = spec.Name,
        Version = spec.Version,
        Description = spec.Description,
        FunctionName = spec.FunctionName,
        ModelFormat = spec.ModelFormat,
        Config = spec.Config.ToWire(),
        ModelGroupId = spec.ModelGroupId,
        IsEnabled = spec.IsEnabled,
        RateLimiter = spec.RateLimiter?.ToWire(),
        DeploySetting = spec.DeploySetting?.ToWire(),
        Interface = spec.Interface?.ToWire(),
    };

    public static ModelSpec ToRecord(this Wire.ModelSpec wire) => new(
        wire.Name,
        wire.Version,
        wire.Description,
        wire.FunctionName,
        wire.ModelFormat,
        Required(wire.Config).ToRecord(),
        wire.ModelGroupId)
    {
        IsEnabled = wire.IsEnabled,
        RateLimiter = wire.RateLimiter?.ToRecord(),
        DeploySetting = wire.DeploySetting?.ToRecord(),
        Interface = wire.Interface?.ToRecord(),
    };

    public static Wire.DeploySetting ToWire(this DeploySetting setting) => new()
    {
        IsAutoDeployEnabled = setting.IsAutoDeployEnabled, ModelTtlMinutes = setting.ModelTtlMinutes,
    };

    public static DeploySetting ToRecord(this Wire.DeploySetting wire) =>
        new(wire.IsAutoDeployEnabled, wire.ModelTtlMinutes);

    public static Wire.ModelInterface ToWire(this ModelInterface schemas) =>
        new() { Input = schemas.Input, Output = schemas.Output };

    public static ModelInterface ToRecord(this Wire.ModelInterface wire) => new(wire.Input, wire.Output);

    public static Wire.RateLimiter ToWire(this RateLimiter limiter) =>
        new() { Limit = limiter.Limit, Unit = limiter.Unit is { } unit ? FromEnum(unit) : null };

    public static RateLimiter ToRecord(this Wire.RateLimiter wire) =>
        new(wire.Limit, wire.Unit is { } unit ? ToEnum<RateUnit>(unit) : null);

    public static Wire.UserRateLimiter ToWire(this UserRateLimiter user) =>
        new() { User = user.User, Limiter = user.Limiter.ToWire() };

    public static UserRateLimiter ToRecord(this Wire.UserRateLimiter wire) =>
        new(wire.User, Required(wire.Limiter).ToRecord());

    public static Wire.ServingRules ToWire(this ServingRules rules) => new()
    {
        Version = rules.Version,
        IsEnabled = rules.IsEnabled,
        Limiter = rules.Limiter?.ToWire(),
        HasInterface = rules.HasInterface,
    };

    public static ServingRules ToRecord(this Wire.ServingRules wire) =>
        new(wire.Version, wire.IsEnabled, wire.Limiter?.ToRecord()) { HasInterface = wire.HasInterface };

    public static Wire.AutoDeploy ToWire(this AutoDeploy deploy) =>
        new() { TaskId = deploy.TaskId.Value, NodeIds = { deploy.NodeIds } };

    public static AutoDeploy ToRecord(this Wire.AutoDeploy wire) => new(new TaskId(wire.TaskId), [.. wire.NodeIds]);

    public static Wire.ChunkRef ToWire(this ChunkRef chunk) => new()
    {
        Number = chunk.Number,
        SequenceNr = chunk.SequenceNr,
        LengthBytes = chunk.LengthBytes,
        Sha256 = chunk.Sha256,
    };

    public static ChunkRef ToRecord(this Wire.ChunkRef wire) =>
        new(wire.Number, wire.SequenceNr, wire.LengthBytes, wire.Sha256);

    public static Wire.NodeDeployment ToWire(this NodeDeployment node) =>
        new() { NodeId = node.NodeId.Value, Status = FromEnum(node.Status), Error = node.Error };

    public static NodeDeployment ToRecord(this Wire.NodeDeployment wire) =>
        new(new NodeId(wire.NodeId), ToEnum<NodeDeploymentStatus>(wire.Status), wire.Error);

    public static Wire.ModelTimes ToWire(this ModelTimes times) => new()
    {
        Created = times.Created,
        LastUpdated = times.LastUpdated,
        LastRegistered = times.LastRegistered,
        LastDeployed = times.LastDeployed,
        LastUndeployed = times.LastUndeployed,
    };

    public static ModelTimes ToRecord(this Wire.ModelTimes wire) => new(
        wire.Created, wire.LastUpdated, wire.LastRegistered, wire.LastDeployed, wire.LastUndeployed);

    /// <summary>An id that may be absent; absent and empty stay apart.</summary>
    public static ModelId? ToModelId(this string? value) => value is null ? null : new ModelId(value);

    /// <summary>The same for a node.</summary>
    public static NodeId? ToNodeId(this string? value) => value is null ? null : new NodeId(value);

    public static Wire.ModelConfig ToWire(this ModelConfig config) => new()
    {
        ModelType = config.ModelType,
        EmbeddingDimension = config.EmbeddingDimension,
        FrameworkType = config.FrameworkType,
        AllConfig = config.AllConfig,
        PoolingMode = config.PoolingMode,
        NormalizeResult = config.NormalizeResult,
        ModelMaxLength = config.ModelMaxLength,
        QueryPrefix = config.QueryPrefix,
        PassagePrefix = config.PassagePrefix,
        AdditionalConfig = config.AdditionalConfig,
    };

    public static ModelConfig ToRecord(this Wire.ModelConfig wire) => new(
        wire.ModelType,
        wire.EmbeddingDimension,
        wire.FrameworkType,
        wire.AllConfig,
        wire.PoolingMode,
        wire.NormalizeResult,
        wire.ModelMaxLength,
        wire.QueryPrefix,
        wire.PassagePrefix,
        wire.AdditionalConfig);
}
