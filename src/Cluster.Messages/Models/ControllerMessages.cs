namespace MlCluster.Messages.Models;

/// <summary>Gives a model a controller, or changes the one that it has. Answer: <see cref="ControllerSavedReply"/>.
/// </summary>
/// <param name="Users">Instead of those that it has, or beside and over them where it has to be there.</param>
/// <param name="MustExist">True: a model without a controller is refused, and what is not named stays.</param>
public sealed record SaveController(
    ModelId ModelId, CommandId CommandId, IReadOnlyList<UserRateLimiter> Users, bool MustExist) : IModelCommand;

/// <summary>Asks for a model's controller. Answer: <see cref="ControllerDocument"/>.</summary>
public sealed record GetController(ModelId ModelId) : IModelCommand;

/// <summary>Takes a model's controller away. Answer: <see cref="ControllerDeletedReply"/>.</summary>
public sealed record DeleteController(ModelId ModelId, CommandId CommandId) : IModelCommand;

/// <summary>The controller is as it was wanted.</summary>
/// <param name="Version">How many versions it had.</param>
/// <param name="IsNew">False: there was one before.</param>
public sealed record ControllerSavedReply(ModelId ModelId, long Version, bool IsNew) : IModelReply;

/// <summary>A model's controller.</summary>
public sealed record ControllerDocument(ModelId ModelId, IReadOnlyList<UserRateLimiter> Users) : IModelReply;

/// <summary>The controller is gone.</summary>
/// <param name="Version">How many versions it had, this one included.</param>
public sealed record ControllerDeletedReply(ModelId ModelId, long Version) : IModelReply;

/// <summary>A model's controller was made or changed.</summary>
/// <param name="Users">All that it holds now, by name.</param>
public sealed record ControllerSaved(
    ModelId ModelId, CommandId CommandId, IReadOnlyList<UserRateLimiter> Users, long Time) : IModelEvent;

/// <summary>A model's controller was taken away.</summary>
public sealed record ControllerDeleted(ModelId ModelId, CommandId CommandId, long Time) : IModelEvent;
