using Akka.Actor;
using Akka.Event;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Pretrained;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Models;

/// <summary>A model's archive: what its children and background work say, and what the model makes of it.</summary>
internal sealed class ContentDesk(IModelEntity entity, IActorContext context, ModelServices services)
{
    // The rest is the check of the archive; 1 is for what is finished.
    private const float MostBeforeTheEnd = 0.99f;

    private readonly ILoggingAdapter _log = context.GetLogger();
    private readonly WriterKeeper _writer = new(context, entity.Id, services);
    private readonly DownloadKeeper _download = new(context, services);
    private readonly CheckRunner _check = new(context, entity.Id, services);
    private readonly ChunkTrimmer _trimmer = new(entity.Id, services.Rows, context.GetLogger());
    private bool _downloadAsked;

    /// <summary>Epoch milliseconds when the download last moved; null: none began here.</summary>
    public long? LastProgress => _download.LastProgress;

    /// <summary>True when nothing of the model is in the chunk journal.</summary>
    public bool IsPurged => _writer.IsPurged;

    /// <summary>Answers those who wait for the check of the archive; tidies up behind it.</summary>
    public void Settle()
    {
        _writer.Release(entity.State, Now());
        _trimmer.Trim(entity.State);
    }

    /// <returns>False: the duty is not about content.</returns>
    public bool Perform(Duty duty)
    {
        switch (duty)
        {
            case Duty.Download:
                Download();
                return true;
            case Duty.CheckContent:
                _check.Start(entity.State, knownSha256: null, Now());
                return true;
            case Duty.Purge:
                _download.Stop();
                _check.Stop();
                _writer.Purge();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Says where the bytes of an accepted chunk go.</summary>
    public ModelDecision NameWriter(ModelDecision decision) =>
        decision.Answer is Answer.Now { Reply: ChunkWriterReady }
            ? ModelDecision.Reply(new ChunkWriterReady(entity.Id, _writer.Path))
            : decision;

    public void OnOffer(OfferChunk offer)
    {
        var verdict = offer.Downloaded
            ? ChunkDecisions.OfferDownloaded(entity.State)
            : ChunkDecisions.Offer(
                entity.State, offer.Number, offer.LengthBytes, offer.Sha256, services.Options.Limits);
        var withRoom = ChunkDecisions.IfRoom(verdict, offer.LengthBytes, entity.See());
        _writer.Judge(offer.Offer, withRoom, entity.State, Now());
    }

    public void OnWritten(ChunkWritten written)
    {
        var before = entity.State.Content.Chunks.GetValueOrDefault(written.Chunk.Number);
        entity.Act(ChunkDecisions.Stored(entity.State, entity.Id, written.Chunk, entity.See()), () =>
        {
            var kept = entity.State.Content.Chunks.GetValueOrDefault(written.Chunk.Number);
            _writer.Recorded(written.Offer, written.Chunk, entity.State, Now());
            if ((kept == written.Chunk ? before : written.Chunk) is { } unused && unused != kept)
            {
                _trimmer.Remove(unused);
            }
        });
    }

    public void OnPurged(ChunksPurged word)
    {
        _writer.Purged(word);
        if (word.Error is null)
        {
            entity.Pursue();
        }
        else
        {
            _log.Warning(word.Error, "Chunks of model {0} could not be removed; trying again", entity.Id);
        }
    }

    public void OnProgress(DownloadProgressed progress)
    {
        _download.Moved(progress.Bytes, Now());
        // Of an unknown length each byte counts as little as it would in the biggest archive.
        var of = progress.OfBytes is > 0 and { } announced ? announced : services.Options.Limits.MaxModelBytes;
        TellProgress((float)progress.Bytes / of);
    }

    /// <summary>The download waits for its turn: neither it nor its task is stuck.</summary>
    public void OnWaiting()
    {
        _download.Waits(Now());
        TellProgress(0);
    }

    /// <summary>The registration's task exists: it may be told which model it makes.</summary>
    public void OnTaskTold(TaskStep step)
    {
        if (step.Creates && step.TaskId == entity.State.Origin?.TaskId && entity.State.Exists)
        {
            TellProgress(0);
        }
    }

    /// <summary>The repository has the pretrained model: from here on it is what the repository says.</summary>
    public void OnPretrainedFound(PretrainedFound found) => entity.Act(
        RegistrationDecisions.Found(entity.State, entity.Id, (found.Spec, found.Sha256), entity.See()));

    public void OnDownloadEnded(DownloadEnded ended)
    {
        _download.Done(Now());
        if (entity.State.Phase != ModelPhase.Downloading)
        {
            // It ended while it was being stopped: the model has gone.
            return;
        }

        if (ended.MayBeginAgain)
        {
            // As after a crash: the supervisor wakes the entity when the journal can be read again.
            _log.Warning("Download of model {0} is interrupted: {1}", entity.Id, ended.Error);
            context.Stop(context.Self);
        }
        else if (ended.Content is { } content)
        {
            _check.Start(entity.State, content.Sha256, Now());
        }
        else
        {
            Fail(ended.Error ?? "the download failed");
        }
    }

    public void OnVerdict(ContentVerdict verdict)
    {
        var decision = ChunkDecisions.Checked(entity.State, entity.Id, verdict, entity.See());
        var waiting = entity.State.Tasks.Count > 0 ? string.Join(", ", entity.State.Tasks.Keys) : "none";
        entity.Act(decision, () => LogRefusal(decision, waiting));
    }

    public void OnCheckFailed(CheckFailed failed)
    {
        // The look at a set that another one has replaced was given up: no failure of this one.
        if (entity.State.Exists && failed.Generation == entity.State.Content.Generation)
        {
            _log.Warning(failed.Cause, "Content of model {0} could not be checked", entity.Id);
            _check.Faulted(failed, Now());
            Fail(failed.Cause.Message);
        }
    }

    public void OnTerminated(Terminated child)
    {
        _writer.Ended(child.ActorRef);
        if (_download.Ended(child.ActorRef))
        {
            Fail("the download ended without a word; see the node's log");
        }
        else
        {
            entity.Pursue();
        }
    }

    public void Stop() => _check.Dispose();

    // Once in this entity's life: it ends with a registered model or none.
    private void Download()
    {
        if (!_downloadAsked)
        {
            _downloadAsked = true;
            entity.Act(RegistrationDecisions.StartDownload(entity.State, entity.Id, entity.See()), StartDownload);
        }
    }

    private void StartDownload()
    {
        if (entity.State is { Phase: ModelPhase.Downloading, Spec: { } spec, Origin: { } origin })
        {
            var order = new DownloadOrder(origin.Url, spec, origin.Sha256)
            {
                BeganBefore = origin.Attempts > 1,
            };
            _log.Info(
                "Model {0}, task {1}: download of {2} begins, attempt {3}",
                entity.Id, origin.TaskId, order, origin.Attempts);
            // Rows of an earlier attempt would stay for ever.
            _writer.Clear();
            _download.Start(order, _writer.Writer, Now());
        }
    }

    // Of an upload by URL its task says so.
    private void LogRefusal(ModelDecision decision, string waitingTasks)
    {
        foreach (var refused in decision.Events.OfType<ModelContentRefused>())
        {
            _log.Warning("Model {0}, task {1}: {2}", entity.Id, waitingTasks, refused.Reason);
        }
    }

    private void Fail(string reason) =>
        entity.Act(RegistrationDecisions.Fail(entity.State, entity.Id, reason, entity.See()));

    private void TellProgress(float fraction)
    {
        if (entity.State.Origin is { } origin)
        {
            services.Tasks.Tell(
                new ReportProgress(origin.TaskId, Math.Min(fraction, MostBeforeTheEnd), entity.Id));
        }
    }

    private long Now() => services.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
