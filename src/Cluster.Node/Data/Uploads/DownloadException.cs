namespace MlCluster.Node.Data.Uploads;

/// <summary>An upload by URL cannot be finished; the message is fit for a client.</summary>
internal sealed class DownloadException(string message, Exception? innerException = null)
    : Exception(message, innerException);
