namespace MlCluster.Messages.Models;

/// <summary>What models are for, in OpenSearch's words (contract 12.6).</summary>
public static class FunctionNames
{
    public const string TextEmbedding = "TEXT_EMBEDDING";
    public const string TextSimilarity = "TEXT_SIMILARITY";
    public const string SparseEncoding = "SPARSE_ENCODING";
    public const string SparseTokenize = "SPARSE_TOKENIZE";
    public const string QuestionAnswering = "QUESTION_ANSWERING";
}
