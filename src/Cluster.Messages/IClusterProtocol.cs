namespace MlCluster.Messages;

/// <summary>Marks every message and persisted event of the protocol; selects the protobuf serializer.</summary>
public interface IClusterProtocol;

/// <summary>A message for the entity of one model; routed by its id.</summary>
public interface IWithModelId : IClusterProtocol
{
    /// <summary>The model.</summary>
    ModelId ModelId { get; }
}

/// <summary>A message for the entity of one task; routed by its id.</summary>
public interface IWithTaskId : IClusterProtocol
{
    /// <summary>The task.</summary>
    TaskId TaskId { get; }
}

/// <summary>A message for the entities of model groups and of their names.</summary>
public interface IModelGroupMessage : IClusterProtocol;

/// <summary>A message for the entity of one model group; routed by its id.</summary>
public interface IWithModelGroupId : IModelGroupMessage
{
    /// <summary>The group.</summary>
    ModelGroupId GroupId { get; }
}

/// <summary>A message for the entity of one name of model groups; routed by the name.</summary>
public interface IWithGroupName : IModelGroupMessage
{
    /// <summary>The name.</summary>
    string Name { get; }
}

/// <summary>Marks events that a journal keeps for ever: their bytes never change, a change is a new manifest.</summary>
public interface IPersistedEvent : IClusterProtocol;
