using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Batching;

/// <summary>One row of a tokenised document that waits or runs; most documents are one row.</summary>
internal sealed class QueuedDocument
{
    public QueuedDocument(PredictionRequest request, int index, TokenRow row)
    {
        Request = request;
        Index = index;
        Row = row;
        Node = new LinkedListNode<QueuedDocument>(this);
    }

    /// <summary>The call it belongs to.</summary>
    public PredictionRequest Request { get; }

    /// <summary>The document's place in the call.</summary>
    public int Index { get; }

    /// <summary>Its tokens.</summary>
    public TokenRow Row { get; }

    /// <summary>Tokens.</summary>
    public int Length => Row.Length;

    /// <summary>What the model gave for it; null until then.</summary>
    public DocumentOutput? Output { get; set; }

    /// <summary>Its place among the waiting documents of its length; in no list while it runs.</summary>
    public LinkedListNode<QueuedDocument> Node { get; }

    /// <summary>
    /// Its place among the waiting documents of its call, kept by the queue; null while it does not wait.
    /// </summary>
    public LinkedListNode<QueuedDocument>? Turn { get; set; }
}
