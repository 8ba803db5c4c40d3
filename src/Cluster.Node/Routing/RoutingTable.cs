using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Routing;

/// <summary>Holds the newest <see cref="RoutingState"/>; writers change it, readers take its view without
/// waiting.</summary>
internal sealed class RoutingTable : IClusterViewSource
{
    private readonly Lock _writer = new();
    private RoutingState _state = RoutingState.Empty;
    private ClusterView _view = ClusterView.Empty;

    /// <inheritdoc />
    public ClusterView Current => Volatile.Read(ref _view);

    /// <summary>Changes the state; the view follows before this returns.</summary>
    public void Update(Func<RoutingState, RoutingState> change)
    {
        lock (_writer)
        {
            _state = change(_state);
            Volatile.Write(ref _view, _state.ToView());
        }
    }
}
