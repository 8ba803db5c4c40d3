using System.Globalization;
using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>Changing what a registration said (contract 3.7).</summary>
internal static class UpdateDecisions
{
    public static ModelDecision Update(ModelState state, UpdateModel command, ModelContext context)
    {
        if (!state.Exists)
        {
            return ModelDecisions.NotFound(
                command.ModelId, $"Failed to find model to update with the provided model id: {command.ModelId}");
        }

        if (state.Updates.LatestUpdates.Contains(command.CommandId))
        {
            return new ModelDecision(
                new Answer.WhenRulesApply(new ModelUpdatedReply(command.ModelId, state.Version, Changed: true)), []);
        }

        return Refusal(state, command.ModelId) ?? Change(state, command, context);
    }

    /// <summary>What a registration says after changes.</summary>
    public static ModelSpec Merge(ModelSpec spec, ModelChanges changes) => spec with
    {
        Name = changes.Name ?? spec.Name,
        Description = changes.Description ?? spec.Description,
        ModelGroupId = changes.Group?.GroupId.Value ?? spec.ModelGroupId,
        Version = changes.Group?.Version.ToString(CultureInfo.InvariantCulture) ?? spec.Version,
        IsEnabled = changes.IsEnabled ?? spec.IsEnabled,
        RateLimiter = Merge(spec.RateLimiter, changes.RateLimiter),
        Config = changes.Config is { } config ? Merge(spec.Config, config) : spec.Config,
        DeploySetting = Merge(spec.DeploySetting, changes.DeploySetting),
        Interface = Merge(spec.Interface, changes.Interface),
    };

    /// <summary>A limiter after changes: what they do not say stays.</summary>
    public static RateLimiter? Merge(RateLimiter? limiter, RateLimiter? changes) => changes is null
        ? limiter
        : new RateLimiter(changes.Limit ?? limiter?.Limit, changes.Unit ?? limiter?.Unit);

    private static DeploySetting? Merge(DeploySetting? setting, DeploySetting? changes) => changes is null
        ? setting
        : new DeploySetting(
            changes.IsAutoDeployEnabled ?? setting?.IsAutoDeployEnabled,
            changes.ModelTtlMinutes ?? setting?.ModelTtlMinutes);

    private static ModelInterface? Merge(ModelInterface? schemas, ModelInterface? changes) => changes is null
        ? schemas
        : new ModelInterface(changes.Input ?? schemas?.Input, changes.Output ?? schemas?.Output);

    private static ModelConfig Merge(ModelConfig config, ModelConfig changes) => new(
        Said(changes.ModelType) ?? config.ModelType,
        changes.EmbeddingDimension ?? config.EmbeddingDimension,
        Said(changes.FrameworkType) ?? config.FrameworkType,
        changes.AllConfig ?? config.AllConfig,
        changes.PoolingMode ?? config.PoolingMode,
        changes.NormalizeResult ?? config.NormalizeResult,
        changes.ModelMaxLength ?? config.ModelMaxLength,
        changes.QueryPrefix ?? config.QueryPrefix,
        changes.PassagePrefix ?? config.PassagePrefix,
        changes.AdditionalConfig ?? config.AdditionalConfig);

    private static string? Said(string text) => text.Length == 0 ? null : text;

    private static ModelDecision? Refusal(ModelState state, ModelId model)
    {
        if (ModelStatusRule.Of(state) == ModelStatus.Deploying)
        {
            return ModelDecision.Reject(
                model,
                ErrorCode.Conflict,
                $"Model is deploying. Please wait for the model to complete deployment. model ID {model}");
        }

        var function = state.Spec!.FunctionName;
        return function == FunctionNames.TextEmbedding ? null : ModelDecision.Reject(
            model, ErrorCode.Forbidden, $"The function category {function} is not supported at this time.");
    }

    private static ModelDecision Change(ModelState state, UpdateModel command, ModelContext context)
    {
        var spec = Merge(state.Spec!, command.Changes);
        return spec == state.Spec
            ? ModelDecision.Reply(new ModelUpdatedReply(command.ModelId, state.Version, Changed: false))
            : new ModelDecision(
                new Answer.WhenRulesApply(new ModelUpdatedReply(command.ModelId, state.Version + 1, Changed: true)),
                [new ModelUpdated(command.ModelId, command.CommandId, spec, context.Now)]);
    }
}
