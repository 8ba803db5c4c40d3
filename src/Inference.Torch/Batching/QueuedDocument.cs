namespace MlCluster.Inference.Batching;

/// <summary>One tokenised document that waits or runs.</summary>
internal sealed class QueuedDocument
{
    public QueuedDocument(PredictionRequest request, int index, int[] ids)
    {
        Request = request;
        Index = index;
        Ids = ids;
        Node = new LinkedListNode<QueuedDocument>(this);
    }

    /// <summary>The call it belongs to.</summary>
    public PredictionRequest Request { get; }

    /// <summary>Its place in the call.</summary>
    public int Index { get; }

    /// <summary>Token ids, <c>[Length]</c>.</summary>
    public int[] Ids { get; }

    /// <summary>Tokens.</summary>
    public int Length => Ids.Length;

    /// <summary>Its place among the waiting documents of its length; in no list while it runs.</summary>
    public LinkedListNode<QueuedDocument> Node { get; }

    /// <summary>
    /// Its place among the waiting documents of its call, kept by the queue; null while it does not wait.
    /// </summary>
    public LinkedListNode<QueuedDocument>? Turn { get; set; }
}
