using MlCluster.Messages;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Models;

/// <summary>A model's entity as its parts see it.</summary>
internal interface IModelEntity
{
    ModelId Id { get; }

    ModelState State { get; }

    /// <summary>The cluster as it is now.</summary>
    ModelContext See();

    /// <summary>Makes a decision's events durable, applies them, answers, then does what the state asks for.</summary>
    /// <param name="then">Done when the events are applied, before anything else.</param>
    void Act(ModelDecision decision, Action? then = null);

    /// <summary>Does what the state asks for.</summary>
    void Pursue();
}
