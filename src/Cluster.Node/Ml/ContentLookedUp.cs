using Akka.Actor;
using MlCluster.Messages.Loading;

namespace MlCluster.Node.Ml;

/// <summary>What the disk says about the content of a load; the host's word to itself.</summary>
/// <param name="IsCached">The content is on disk already.</param>
/// <param name="FreeDiskBytes">Null: nobody knows, or it makes no difference.</param>
/// <param name="Fault">Why it could not be told; the load finds out then. Null: it could.</param>
internal sealed record ContentLookedUp(LoadModel Command, bool IsCached, long? FreeDiskBytes, string? Fault = null)
    : INoSerializationVerificationNeeded
{
    /// <summary>Bytes that the load is going to write, as far as they can be told before it is fetched.</summary>
    public long NeededBytes => IsCached ? 0 : DiskReservations.OfNewLoad(Command.SizeBytes);

    public static ContentLookedUp Failed(LoadModel command, string fault) =>
        new(command, IsCached: false, FreeDiskBytes: null, fault);

    /// <summary>Looks, on a thread of its own; content that nobody uses makes room where the disk has none.</summary>
    public static Task<ContentLookedUp> LookUpAsync(LoadModel command, HostSetup setup) =>
        DedicatedThread.RunAsync($"look up {command.ModelId}", () => LookUp(command, setup));

    private static ContentLookedUp LookUp(LoadModel command, HostSetup setup)
    {
        // A restarted node takes up again what it served: that costs no space, and nobody asked for it now.
        var isCached = setup.IsCached(command.Sha256);
        var found = new ContentLookedUp(
            command, isCached, command.TaskId is null && isCached ? null : setup.FreeDiskBytes());
        var missing = setup.Limits.MinFreeDiskBytes + found.NeededBytes - found.FreeDiskBytes;
        if (setup.Limits.MinFreeDiskBytes == 0 || missing is null or <= 0)
        {
            return found;
        }

        setup.MakeRoom(missing.Value, command.Sha256);
        return found with { FreeDiskBytes = setup.FreeDiskBytes() };
    }
}
