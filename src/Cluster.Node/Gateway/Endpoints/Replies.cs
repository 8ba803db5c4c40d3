using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Takes the expected reply out of an answer, or throws what the client is to see.</summary>
internal static class Replies
{
    public static T Expect<T>(this IModelReply reply)
        where T : class, IModelReply => reply switch
        {
            T expected => expected,
            ModelRejected rejected => throw ErrorMapping.Of(rejected.Error).ToException(),
            _ => throw new InvalidOperationException(
                $"{reply.GetType().Name} came where {typeof(T).Name} was expected"),
        };

    public static T Expect<T>(this IModelGroupReply reply)
        where T : class, IModelGroupReply => reply switch
        {
            T expected => expected,
            ModelGroupRejected rejected => throw ErrorMapping.Of(rejected.Error).ToException(),
            _ => throw new InvalidOperationException(
                $"{reply.GetType().Name} came where {typeof(T).Name} was expected"),
        };

    public static TaskDeletedReply ExpectDeleted(this ITaskReply reply) => reply switch
    {
        TaskDeletedReply deleted => deleted,
        TaskRejected rejected => throw ErrorMapping.Of(rejected.Error).ToException(),
        _ => throw new InvalidOperationException($"{reply.GetType().Name} came in answer to a deletion"),
    };

    /// <summary><see cref="TaskDocument"/> is no <see cref="ITaskReply"/>:
    /// both are possible answers to a query.</summary>
    public static TaskDocument ExpectDocument(this Messages.IWithTaskId reply) => reply switch
    {
        TaskDocument document => document,
        TaskRejected rejected => throw ErrorMapping.Of(rejected.Error).ToException(),
        _ => throw new InvalidOperationException($"{reply.GetType().Name} came in answer to a query"),
    };
}
