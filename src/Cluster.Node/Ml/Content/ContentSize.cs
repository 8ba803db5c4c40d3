namespace MlCluster.Node.Ml.Content;

/// <summary>What the content of an archive takes, in bytes.</summary>
/// <param name="ModelBytes">Of the model's file; 0: there is none.</param>
/// <param name="UnpackedBytes">What unpacking is going to write; 0: that is done.</param>
internal sealed record ContentSize(long ModelBytes, long UnpackedBytes)
{
    /// <summary>What a load is going to write: a model whose forward gives a dict is copied once more.</summary>
    public long DiskBytes => UnpackedBytes > 0 ? UnpackedBytes + ModelBytes : 0;
}
