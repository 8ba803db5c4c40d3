using Akka.Actor;
using MlCluster.Node.Data.Uploads;

namespace MlCluster.Node.Data.Models;

/// <summary>The child that fetches a model's archive, and when it last moved.</summary>
internal sealed class DownloadKeeper(IActorContext context, ModelServices services)
{
    private IActorRef? _download;
    private long _receivedBytes;

    /// <summary>Epoch milliseconds; its start and its end are moves. Null: none began.</summary>
    public long? LastProgress { get; private set; }

    public void Start(DownloadOrder order, IActorRef writer, long now)
    {
        LastProgress = now;
        _download = context.Watch(context.ActorOf(DownloadActor.Props(services.Downloads, order, writer)));
    }

    /// <summary>So many bytes have come.</summary>
    public void Moved(long bytes, long now)
    {
        if (bytes > _receivedBytes)
        {
            _receivedBytes = bytes;
            LastProgress = now;
        }
    }

    /// <summary>It waits for its turn.</summary>
    public void Waits(long now) => LastProgress = now;

    /// <summary>It has said its word.</summary>
    public void Done(long now)
    {
        LastProgress = now;
        Forget();
    }

    /// <summary>Ends it; its word, if it had one on its way, means nothing any more.</summary>
    public void Stop()
    {
        if (Forget() is { } running)
        {
            context.Stop(running);
        }
    }

    /// <summary>A child ended.</summary>
    /// <returns>True when it was the download, without its word.</returns>
    public bool Ended(IActorRef child)
    {
        var wasDownload = child.Equals(_download);
        _download = wasDownload ? null : _download;
        return wasDownload;
    }

    private IActorRef? Forget()
    {
        var known = _download;
        if (known is not null)
        {
            context.Unwatch(known);
            _download = null;
        }

        return known;
    }
}
