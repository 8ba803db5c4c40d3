using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using Json.Schema.Keywords;

namespace MlCluster.Node.Gateway.Interfaces;

/// <summary>Draft 2020-12 with regular expressions that take time in proportion to the text, whatever they are.
/// </summary>
internal static class SafePatterns
{
    /// <summary>The dialect; a keyword that it does not know says nothing.</summary>
    public static Dialect Dialect { get; } = new(
        Vocabularies.SelectMany(v => v.Keywords).Select(k => k is PatternKeyword ? new SafePattern() : k))
    {
        Id = new Uri(SchemaId),
        AllowUnknownKeywords = true,
    };

    /// <summary>Draft 2020-12.</summary>
    public const string SchemaId = "https://json-schema.org/draft/2020-12/schema";

    // Content and formats are annotations in this draft: nobody reads them here.
    private static Vocabulary[] Vocabularies =>
    [
        Vocabulary.Draft202012_Core, Vocabulary.Draft202012_Applicator, Vocabulary.Draft202012_Unevaluated,
        Vocabulary.Draft202012_Validation, Vocabulary.Draft202012_MetaData,
    ];

    private sealed class SafePattern : PatternKeyword
    {
        public override object? ValidateKeywordValue(JsonElement value) =>
            value.ValueKind == JsonValueKind.String ? Compile(value.GetString()!) : base.ValidateKeywordValue(value);

        private static Regex Compile(string pattern)
        {
            try
            {
                return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                throw new SchemaRefusedException(
                    $"has a pattern that cannot be used here: [{pattern}]; look-arounds and references to groups are "
                    + "not supported",
                    e);
            }
        }
    }
}
