using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Ml.Serving;

namespace MlCluster.Node.Ml.Loading;

/// <summary>What a LoaderActor tells its ModelHostActor; local.</summary>
internal abstract record LoaderReport(ModelId ModelId) : INoSerializationVerificationNeeded;

/// <summary>The load has come this far.</summary>
internal sealed record StageEntered(ModelId ModelId, ModelStage Stage) : LoaderReport(ModelId);

/// <param name="Share">0–1 of the archive's bytes.</param>
internal sealed record FetchProgressed(ModelId ModelId, float Share) : LoaderReport(ModelId);

/// <summary>The model answers.</summary>
internal sealed record ServiceBegan(ModelId ModelId, ServedModel Entry, ServingMonitor Monitor)
    : LoaderReport(ModelId);

/// <summary>The content is known; the loader waits for the host's word before it does anything with it.</summary>
/// <param name="FreeDiskBytes">Of the disk that it is going to write to; null: nobody knows.</param>
internal sealed record ContentMeasured(ModelId ModelId, ContentSize Content, long? FreeDiskBytes)
    : LoaderReport(ModelId);

/// <summary>The load came to nothing; the loader has stopped.</summary>
/// <param name="MayPass">False: a further attempt would end in the same way.</param>
/// <param name="ThreadLost">True: a thread of the process hangs in native code for good.</param>
/// <param name="NoRoom">True: the host had no room for the content.</param>
/// <param name="TimedOut">True: the rehearsal took too long; a second time is the model's fault.</param>
internal sealed record LoadFailed(
    ModelId ModelId, string Reason, bool MayPass, bool ThreadLost, bool NoRoom = false, bool TimedOut = false)
    : LoaderReport(ModelId);

/// <summary>A model turned bad while it served; it is not loaded again by itself.</summary>
internal sealed record ServiceLost(ModelId ModelId, string Reason) : LoaderReport(ModelId);

/// <summary>The model was given up as asked; its memory is free.</summary>
internal sealed record LoaderStopped(ModelId ModelId) : LoaderReport(ModelId);

/// <summary>Host → loader: go on with the content that was measured.</summary>
internal sealed record ContentAdmitted : INoSerializationVerificationNeeded
{
    public static ContentAdmitted Instance { get; } = new();
}

/// <summary>Host → loader: the node has no room for it.</summary>
internal sealed record ContentRefused(LoadRefusal Refusal) : INoSerializationVerificationNeeded;

/// <summary>Host → loader: finish what is in flight and give the model up.</summary>
internal sealed record StopLoader : INoSerializationVerificationNeeded
{
    public static StopLoader Instance { get; } = new();
}
