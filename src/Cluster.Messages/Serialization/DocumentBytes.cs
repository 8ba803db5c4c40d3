using System.Runtime.Serialization;
using Google.Protobuf;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;

namespace MlCluster.Messages.Serialization;

/// <summary>Documents as the tables of the search keep them, and as hits carry them.</summary>
public static class DocumentBytes
{
    /// <summary>A <see cref="ModelDocument"/>, <see cref="TaskDocument"/> or <see cref="ModelGroupDocument"/> as
    /// bytes.</summary>
    public static byte[] Encode(IClusterProtocol document) => CodecTable.ByType[document.GetType()].Encode(document);

    /// <summary>The model's document.</summary>
    /// <exception cref="SerializationException">The bytes are none.</exception>
    public static ModelDocument Model(ReadOnlyMemory<byte> bytes) =>
        (ModelDocument)Decode(Manifests.ModelDocument, bytes);

    /// <summary>The task's document.</summary>
    /// <exception cref="SerializationException">The bytes are none.</exception>
    public static TaskDocument Task(ReadOnlyMemory<byte> bytes) =>
        (TaskDocument)Decode(Manifests.TaskDocument, bytes);

    /// <summary>The group's document.</summary>
    /// <exception cref="SerializationException">The bytes are none.</exception>
    public static ModelGroupDocument ModelGroup(ReadOnlyMemory<byte> bytes) =>
        (ModelGroupDocument)Decode(Manifests.ModelGroupDocument, bytes);

    private static object Decode(string manifest, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return CodecTable.ByManifest[manifest].Decode(bytes.ToArray());
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException)
        {
            throw new SerializationException($"The bytes are no document: {e.Message}", e);
        }
    }
}
