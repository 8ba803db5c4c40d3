using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>A model's controller: rate limiters of users (contract 8). It is kept and told; there are no users here.
/// </summary>
internal static class ControllerDecisions
{
    private const string NoController = "Failed to find model controller with the provided model ID";

    public static ModelDecision Save(ModelState state, SaveController command, ModelContext context)
    {
        var id = command.ModelId;
        if (!state.Exists)
        {
            return ModelDecisions.NotFound(
                id,
                "Failed to find model to create the corresponding model controller with the provided model ID: "
                + $"{id}");
        }

        var controller = state.Updates.Controller;
        if (controller?.Find(command.CommandId) is { } obeyed)
        {
            return ModelDecision.Reply(new ControllerSavedReply(id, obeyed.Version, obeyed.IsNew));
        }

        return Refusal(state, command) ?? ModelDecision.Reply(
            new ControllerSavedReply(id, (controller?.Version ?? 0) + 1, controller?.Users is null),
            new ControllerSaved(id, command.CommandId, Users(state, command), context.Now));
    }

    public static ModelDecision Get(ModelState state, GetController query) =>
        state is { Exists: true, Updates.Controller.Users: { } users }
            ? ModelDecision.Reply(new ControllerDocument(query.ModelId, users))
            : ModelDecisions.NotFound(query.ModelId, $"{NoController}: {query.ModelId}");

    public static ModelDecision Delete(ModelState state, DeleteController command, ModelContext context)
    {
        if (state is not { Exists: true, Updates.Controller: { } controller })
        {
            return ModelDecisions.NotFound(command.ModelId, $"{NoController}: {command.ModelId}");
        }

        if (controller.Find(command.CommandId) is { } obeyed)
        {
            return ModelDecision.Reply(new ControllerDeletedReply(command.ModelId, obeyed.Version));
        }

        return controller.Users is null
            ? ModelDecisions.NotFound(command.ModelId, $"{NoController}: {command.ModelId}")
            : ModelDecision.Reply(
                new ControllerDeletedReply(command.ModelId, controller.Version + 1),
                new ControllerDeleted(command.ModelId, command.CommandId, context.Now));
    }

    private static ModelDecision? Refusal(ModelState state, SaveController command)
    {
        var (id, function) = (command.ModelId, state.Spec!.FunctionName);
        if (function != FunctionNames.TextEmbedding)
        {
            return ModelDecision.Reject(
                id,
                ErrorCode.Forbidden,
                $"Creating model controller on this operation on the function category {function} is not supported.");
        }

        if (command.MustExist)
        {
            return state.Updates.Controller?.Users is not null ? null : ModelDecision.Reject(
                id,
                ErrorCode.Conflict,
                "Model controller haven't been created for the model. Consider calling create model controller api "
                + $"instead. Model ID: {id}");
        }

        return ModelStatusRule.Of(state) != ModelStatus.Deploying ? null : ModelDecision.Reject(
            id,
            ErrorCode.Conflict,
            "Creating a model controller during its corresponding model in DEPLOYING state is not allowed, please "
            + $"either create the model controller after it is deployed or before deploying it. Model ID: {id}");
    }

    private static List<UserRateLimiter> Users(ModelState state, SaveController command)
    {
        var users = command.MustExist
            ? state.Updates.Controller!.Users!.ToDictionary(u => u.User, u => u.Limiter, StringComparer.Ordinal)
            : new Dictionary<string, RateLimiter>(StringComparer.Ordinal);
        foreach (var (user, limiter) in command.Users)
        {
            users[user] = UpdateDecisions.Merge(users.GetValueOrDefault(user), limiter)!;
        }

        return [.. users.OrderBy(u => u.Key, StringComparer.Ordinal).Select(u => new UserRateLimiter(u.Key, u.Value))];
    }
}
