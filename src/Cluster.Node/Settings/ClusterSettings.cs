using System.Collections.Immutable;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Settings;

/// <summary>Holds the newest settings that this node has been told; readers take them without waiting.</summary>
internal sealed class ClusterSettings : IClusterSettings
{
    private readonly Lock _writer = new();
    private SettingsSnapshot _current = SettingsSnapshot.Unknown;
    private ImmutableArray<Action> _listeners = [];

    /// <inheritdoc />
    public SettingsSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Has somebody told of each change from now on.</summary>
    /// <param name="changed">Must not block.</param>
    public void Listen(Action changed) => ImmutableInterlocked.Update(ref _listeners, all => all.Add(changed));

    /// <summary>Takes settings unless it has these or newer ones.</summary>
    public void Take(SettingsSnapshot settings)
    {
        lock (_writer)
        {
            if (settings.Version <= _current.Version)
            {
                return;
            }

            Volatile.Write(ref _current, settings);
        }

        foreach (var changed in _listeners)
        {
            changed();
        }
    }
}
