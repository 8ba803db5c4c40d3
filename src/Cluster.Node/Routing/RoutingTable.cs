using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Routing;

/// <summary>Holds the newest <see cref="RoutingState"/>; writers swap it, readers take its view without waiting.</summary>
internal sealed class RoutingTable(RoutingState initial) : IClusterViewSource
{
    private RoutingState _state = initial;
    private ClusterView _view = initial.ToView();

    /// <inheritdoc />
    public ClusterView Current => Volatile.Read(ref _view);

    private readonly Lock _writer = new();

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
