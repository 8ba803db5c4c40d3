using System.Collections.Frozen;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Search;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Domain.Search.Documents;

/// <summary>The fields of one kind of document: ML Commons' mapping (contract 10), and its older names.</summary>
/// <remarks>
/// OpenSearch has <c>.keyword</c> where a mapping says so: here every text has it, and behind a keyword it means the
/// keyword itself.
/// </remarks>
internal sealed class DocumentMapping
{
    private const string KeywordSuffix = ".keyword";
    private readonly FrozenDictionary<string, FieldMapping> _fields;
    private readonly FrozenDictionary<string, string> _olderNames;

    private DocumentMapping(
        IReadOnlyList<FieldMapping> fields, IEnumerable<KeyValuePair<string, string>> olderNames)
    {
        Own = fields;
        _fields = fields.SelectMany(WithKeyword).ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);
        _olderNames = olderNames.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Of models.</summary>
    public static DocumentMapping Models { get; } = new(
        [
            Of("name", FieldType.Text),
            Of("description", FieldType.Text),
            Of("model_config.all_config", FieldType.Text),
            .. Many(
                FieldType.Keyword,
                "model_group_id", "algorithm", "model_version", "model_format", "model_content_hash_value",
                "planning_worker_nodes", "model_config.model_type", "model_config.framework_type",
                "model_config.pooling_mode", "model_config.query_prefix", "model_config.passage_prefix",
                "rate_limiter.limit", "rate_limiter.unit"),
            Of("model_state", FieldType.Keyword) with
            {
                Synonyms = Synonyms<ModelStatus>((s, dialect) => Words.Of(s, dialect)),
            },
            .. Many(
                FieldType.Number,
                "model_content_size_in_bytes", "total_chunks", "planning_worker_node_count",
                "current_worker_node_count", "model_config.embedding_dimension", "model_config.model_max_length"),
            .. Many(
                FieldType.Date,
                "created_time", "last_updated_time", "last_registered_time", "last_deployed_time",
                "last_undeployed_time"),
            .. Many(
                FieldType.Boolean,
                "deploy_to_all_nodes", "model_config.normalize_result", "is_enabled", "is_controller_enabled"),
        ],
        [
            new("function_name", "algorithm"),
            OlderName(Words.LastRegistered),
            OlderName(Words.LastDeployed),
            OlderName(Words.LastUndeployed),
        ]);

    /// <summary>Of tasks.</summary>
    public static DocumentMapping Tasks { get; } = new(
        [
            Of("error", FieldType.Text),
            Of("task_type", FieldType.Keyword) with
            {
                Synonyms = Synonyms<TaskType>((t, dialect) => Words.Of(t, dialect)),
            },
            .. Many(FieldType.Keyword, "model_id", "function_name", "state", "worker_node"),
            .. Many(FieldType.Date, "create_time", "last_update_time"),
            Of("is_async", FieldType.Boolean),
        ],
        []);

    /// <summary>Of model groups.</summary>
    public static DocumentMapping ModelGroups { get; } = new(
        [
            .. Many(FieldType.Text, "name", "description", "backend_roles"),
            Of("access", FieldType.Keyword),
            Of("latest_version", FieldType.Number),
            .. Many(FieldType.Date, "created_time", "last_updated_time"),
        ],
        []);

    /// <summary>Fields that documents have, without what is kept of a text beside it.</summary>
    public IReadOnlyList<FieldMapping> Own { get; }

    /// <summary>All fields.</summary>
    public IEnumerable<FieldMapping> Fields => _fields.Values;

    /// <summary>The mapping of a kind.</summary>
    public static DocumentMapping Of(DocumentKind kind) => kind switch
    {
        DocumentKind.Model => Models,
        DocumentKind.ModelGroup => ModelGroups,
        _ => Tasks,
    };

    /// <summary>A field by any of its names; null: no document has it.</summary>
    public FieldMapping? Find(string name)
    {
        var today = _olderNames.GetValueOrDefault(name, name);
        return _fields.TryGetValue(today, out var field) ? field
            : today.EndsWith(KeywordSuffix, StringComparison.Ordinal)
                && _fields.GetValueOrDefault(today[..^KeywordSuffix.Length]) is { Type: FieldType.Keyword } keyword
                ? keyword
                : null;
    }

    /// <summary>Fields that have a name, of any generation, that a pattern with <c>*</c> is for.</summary>
    public IEnumerable<FieldMapping> Matching(string pattern) => _fields.Keys.Concat(_olderNames.Keys)
        .Where(n => Wildcard.Matches(pattern, n))
        .Select(n => Find(n)!)
        .Distinct();

    /// <summary>The part of a text field that is searched as it is.</summary>
    public FieldMapping? KeywordOf(FieldMapping field) =>
        field.Type == FieldType.Text ? _fields[field.Name + KeywordSuffix] : null;

    private static IEnumerable<FieldMapping> WithKeyword(FieldMapping field) => field.Type == FieldType.Text
        ? [field, field with { Name = field.Name + KeywordSuffix, Type = FieldType.Keyword }]
        : [field];

    private static FieldMapping Of(string name, FieldType type) =>
        new(name, type, FrozenDictionary<string, string>.Empty);

    private static IEnumerable<FieldMapping> Many(FieldType type, params IEnumerable<string> names) =>
        names.Select(n => Of(n, type));

    private static KeyValuePair<string, string> OlderName(Func<Dialect, string> name) =>
        new(name(Dialect.Legacy), name(Dialect.Current));

    private static FrozenDictionary<string, string> Synonyms<T>(Func<T, Dialect, string> word)
        where T : struct, Enum => Enum.GetValues<T>().ToFrozenDictionary(
            v => word(v, Dialect.Legacy), v => word(v, Dialect.Current), StringComparer.Ordinal);
}
