using Google.Protobuf;

namespace MlCluster.Messages.Serialization;

/// <summary>How one message type becomes bytes and comes back.</summary>
/// <param name="Manifest">Its name on the wire.</param>
/// <param name="Type">The record.</param>
/// <param name="Encode">Record → protobuf bytes.</param>
/// <param name="Decode">Protobuf bytes → record.</param>
internal sealed record Codec(string Manifest, Type Type, Func<object, byte[]> Encode, Func<byte[], object> Decode)
{
    /// <summary>Couples a record with its generated type.</summary>
    public static Codec Of<TRecord, TWire>(
        string manifest,
        MessageParser<TWire> parser,
        Func<TRecord, TWire> toWire,
        Func<TWire, TRecord> toRecord)
        where TRecord : class, IClusterProtocol
        where TWire : IMessage<TWire> =>
        new(
            manifest,
            typeof(TRecord),
            message => toWire((TRecord)message).ToByteArray(),
            bytes => toRecord(parser.ParseFrom(bytes)));
}
