using System.Collections.Frozen;

namespace MlCluster.Messages.Serialization;

/// <summary>All codecs, by type and by manifest.</summary>
internal static class CodecTable
{
    /// <summary>Every message of the protocol, once.</summary>
    public static readonly IReadOnlyList<Codec> All =
    [
        .. ModelCodec.All,
        .. ModelReplyCodec.All,
        .. ModelUpdateCodec.All,
        .. ModelGroupCodec.All,
        .. ModelGroupReplyCodec.All,
        .. GroupNameCodec.All,
        .. ChunkCodec.All,
        .. TaskCodec.All,
        .. LoadingCodec.All,
        .. InferenceCodec.All,
        .. RoutingCodec.All,
        .. ProfileCodec.All,
        .. StatisticsCodec.All,
        .. DeploymentCodec.All,
        .. SettingsCodec.All,
        .. SearchCodec.All,
        .. ModelEventCodec.All,
        .. DeploymentEventCodec.All,
        .. SnapshotCodec.All,
        .. ModelGroupEventCodec.All,
        .. TaskEventCodec.All,
        .. ClusterEventCodec.All,
    ];

    public static readonly FrozenDictionary<Type, Codec> ByType = All.ToFrozenDictionary(codec => codec.Type);

    public static readonly FrozenDictionary<string, Codec> ByManifest =
        All.ToFrozenDictionary(codec => codec.Manifest, StringComparer.Ordinal);
}
