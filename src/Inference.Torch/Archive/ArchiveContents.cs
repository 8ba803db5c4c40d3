namespace MlCluster.Inference.Archive;

/// <summary>What a checked archive holds.</summary>
/// <param name="ModelMember">Path of the model in the zip; null: there is none.</param>
/// <param name="ModelBytes">Its unpacked size.</param>
/// <param name="TokenizerMember">Path of <c>tokenizer.json</c> in the zip.</param>
/// <param name="TokenizerBytes">Its unpacked size.</param>
/// <param name="UnpackedBytes">Unpacked size of all members, used or not.</param>
public sealed record ArchiveContents(
    string? ModelMember, long ModelBytes, string TokenizerMember, long TokenizerBytes, long UnpackedBytes);

/// <summary>Bytes that unpacking writes.</summary>
/// <param name="ModelBytes">Of the <c>.pt</c>; 0: there is none.</param>
/// <param name="TotalBytes">Of it and all that goes along.</param>
public sealed record UnpackedSize(long ModelBytes, long TotalBytes);

/// <summary>The files that serve a model, on this machine's disk.</summary>
/// <param name="ModelFile">Path of the model; null: there is none.</param>
/// <param name="TokenizerFile">Path of <c>tokenizer.json</c>; an <c>idf.json</c> lies beside it.</param>
public sealed record UnpackedArchive(string? ModelFile, string TokenizerFile);
