using MlCluster.Messages.Routing;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Routing;

/// <summary>This node's own word on itself. A change is in the local view at once and then goes to the
/// others.</summary>
internal sealed class LocalNode(RoutingTable table, NodeContext context)
{
    private readonly Lock _gate = new();
    private NodeDeployments? _current;
    private Action<NodeDeployments>? _changed;

    /// <summary>Null until the actor system has an address.</summary>
    public NodeDeployments? Current => Volatile.Read(ref _current);

    /// <summary>Gives the node its address in the cluster and whom to tell of changes.</summary>
    /// <param name="changed">Called with every new word, in order; must not block.</param>
    public void Start(string address, long incarnation, Action<NodeDeployments> changed)
    {
        lock (_gate)
        {
            _changed = changed;
            var options = context.Options;
            Set(Current ?? new NodeDeployments(
                context.NodeId,
                context.Name,
                address,
                incarnation,
                options.Roles,
                options.AnnouncedHttp,
                Devices: [],
                Draining: false,
                Models: []));
        }
    }

    public void SetDevices(IReadOnlyList<NodeDevice> devices, NodeCapacity capacity) =>
        Change(node => node with { Devices = devices, Capacity = capacity });

    /// <summary>Takes memory away from what the placement may give, for as long as the process lives.</summary>
    public void LoseMemory(long bytes) => Change(node => node.Capacity is { MemoryBytes: { } memory } capacity
        ? node with { Capacity = capacity with { MemoryBytes = Math.Max(0, memory - bytes) } }
        : node);

    public void SetModels(IReadOnlyList<ServedModel> models) => Change(node => node with { Models = models });

    /// <summary>Takes the node out of every choice; there is no way back.</summary>
    public void BeginDraining() => Change(node => node with { Draining = true });

    private void Change(Func<NodeDeployments, NodeDeployments> change)
    {
        lock (_gate)
        {
            Set(change(_current ?? throw new InvalidOperationException("the node has no address yet")));
        }
    }

    private void Set(NodeDeployments node)
    {
        Volatile.Write(ref _current, node);
        table.Update(state => state with { Local = node });
        _changed?.Invoke(node);
    }
}
