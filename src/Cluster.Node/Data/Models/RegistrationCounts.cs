using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Data.Models;

/// <summary>Counts registrations where their model lives.</summary>
internal static class RegistrationCounts
{
    /// <param name="events">What became of a command, durable now.</param>
    /// <param name="state">The state after them.</param>
    public static void Note(IReadOnlyList<IModelEvent> events, ModelState state, NodeMetrics metrics)
    {
        foreach (var e in events)
        {
            switch (e)
            {
                case ModelRegistrationStarted or ModelMetaRegistered:
                    Counter(e, state, metrics)?.Request();
                    break;
                case ModelRegistrationFailed or ModelContentRefused:
                    Counter(e, state, metrics)?.Failure();
                    break;
            }
        }
    }

    private static ActionCounter? Counter(IModelEvent e, ModelState state, NodeMetrics metrics) =>
        state.Spec is { } spec
            ? metrics.Actions.Of(spec.FunctionName, e.ModelId, ActionNames.Register)
            : null;
}
