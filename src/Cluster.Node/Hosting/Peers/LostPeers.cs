namespace MlCluster.Node.Hosting.Peers;

/// <summary>Says once that a peer cannot be reached, and once that it can again.</summary>
internal sealed class LostPeers(ILogger log)
{
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);

    public void Hear(PeerWord word)
    {
        if (word is PeerLost lost && _lost.Add(lost.Address))
        {
            log.LogWarning("{Peer} cannot be reached: {Reason}; said once, until it can", lost.Address, lost.Reason);
        }
        else if (word is PeerFound && _lost.Remove(word.Address))
        {
            log.LogInformation("{Peer} can be reached again", word.Address);
        }
    }
}
