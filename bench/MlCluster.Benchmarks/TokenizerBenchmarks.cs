using BenchmarkDotNet.Attributes;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Benchmarks;

/// <summary>A real vocabulary of each family: one text to ids.</summary>
public class TokenizerBenchmarks
{
    private const int MaxLength = 128;

    private HuggingFaceTokenizer _tokenizer = null!;
    private string _text = "";

    /// <summary>The rule that cuts words.</summary>
    [Params("WordPiece", "BPE", "Unigram")]
    public string Model { get; set; } = "";

    /// <summary>What the text looks like.</summary>
    [Params("query", "paragraph", "accents", "long-cut", "one-word")]
    public string Text { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _tokenizer = HuggingFaceTokenizer.Load(Model switch
        {
            "BPE" => Archive.ReadTokenizer("roberta-base"),
            "Unigram" => Archive.ReadTokenizer("paraphrase-multilingual-mpnet-base-v2"),
            _ => Archive.Read("tokenizer.json"),
        });
        const string sentence = "The committee's unprecedented recommendations surprised everyone, even in 2024. ";
        _text = Text switch
        {
            "query" => "today is sunny",
            "paragraph" => string.Concat(Enumerable.Repeat(sentence, 6)),
            "accents" => string.Concat(Enumerable.Repeat("Überraschend naïve Façade — déjà vu à São Paulo. ", 6)),
            "one-word" => new string('a', 200_000),
            _ => string.Concat(Enumerable.Repeat(sentence, 200)),
        };
    }

    [Benchmark]
    public int[] EncodeIds() => _tokenizer.EncodeIds(_text, MaxLength);
}
