using BenchmarkDotNet.Attributes;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Benchmarks;

/// <summary>WordPiece of a real vocabulary: one text to ids.</summary>
public class TokenizerBenchmarks
{
    private const int MaxLength = 128;

    private HuggingFaceTokenizer _tokenizer = null!;
    private string _text = "";

    /// <summary>What the text looks like.</summary>
    [Params("query", "paragraph", "accents", "long-cut")]
    public string Text { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _tokenizer = HuggingFaceTokenizer.Load(Archive.Read("tokenizer.json"));
        const string sentence = "The committee's unprecedented recommendations surprised everyone, even in 2024. ";
        _text = Text switch
        {
            "query" => "today is sunny",
            "paragraph" => string.Concat(Enumerable.Repeat(sentence, 6)),
            "accents" => string.Concat(Enumerable.Repeat("Überraschend naïve Façade — déjà vu à São Paulo. ", 6)),
            _ => string.Concat(Enumerable.Repeat(sentence, 200)),
        };
    }

    [Benchmark]
    public int[] EncodeIds() => _tokenizer.EncodeIds(_text, MaxLength);
}
