namespace MlCluster.Node.Domain.Search.Documents;

/// <summary>How a field is searched.</summary>
internal enum FieldType
{
    /// <summary>As it is.</summary>
    Keyword,

    /// <summary>By its words.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>Epoch milliseconds.</summary>
    Date,

    /// <summary>0 or 1.</summary>
    Boolean,
}

/// <summary>One field of OpenSearch's mapping.</summary>
/// <param name="Synonyms">Words of the older generation of the API, and today's word for each: a search for either
/// finds both.</param>
internal sealed record FieldMapping(string Name, FieldType Type, IReadOnlyDictionary<string, string> Synonyms)
{
    /// <summary>OpenSearch's name of the type.</summary>
    public string TypeName => Type switch
    {
        FieldType.Keyword => "keyword",
        FieldType.Text => "text",
        FieldType.Number => "long",
        FieldType.Date => "date",
        _ => "boolean",
    };

    /// <summary>True where terms are kept, not numbers.</summary>
    public bool HasTerms => Type is FieldType.Keyword or FieldType.Text;
}
