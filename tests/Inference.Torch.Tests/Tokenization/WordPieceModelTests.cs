using System.Text;
using CsCheck;
using Microsoft.ML.Tokenizers;
using MlCluster.Inference.Tokenization.Models;

namespace MlCluster.Inference.Tests.Tokenization;

public sealed class WordPieceModelTests
{
    private const int MaxWordLength = 30;

    private static readonly string[] Vocabulary =
        [.. ReferenceVectors.Small.Document("base")["model"]!["vocab"]!.AsObject().Select(static e => e.Key)];

    // Entries with and without the prefix, so that most words fall into several tokens and some into none.
    private static readonly Gen<string> Words = Gen.Int[0, Vocabulary.Length - 1]
        .Select(static i => Vocabulary[i].TrimStart('#')).List[1, 12]
        .Select(static parts => string.Concat(parts)).Where(static word => word.Length > 0);

    [Fact]
    public void Encode_AnyWord_EqualsMicrosoftMlTokenizers()
    {
        var ours = Model();
        var theirs = WordPieceTokenizer.Create(
            new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', Vocabulary))),
            new WordPieceOptions { UnknownToken = "[UNK]", MaxInputCharsPerWord = MaxWordLength });

        Words.Where(static word => word.Length <= MaxWordLength).Sample(
            word => Assert.Equal(
                theirs.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false),
                Encode(ours, word)),
            iter: 5000);
    }

    [Theory]
    [InlineData(MaxWordLength, MaxWordLength)]
    [InlineData(MaxWordLength + 1, 1)]
    public void Encode_LongestWord_IsCountedInCodePoints(int codePoints, int tokens) =>
        Assert.Equal(tokens, Encode(Model(), string.Concat(Enumerable.Repeat("😀", codePoints))).Count);

    private static WordPieceModel Model() => new(
        Vocabulary.Select(static (token, id) => (token, id)).ToDictionary(
            static e => e.token, static e => e.id, StringComparer.Ordinal),
        "[UNK]",
        "##",
        MaxWordLength);

    private static List<int> Encode(WordPieceModel model, string word)
    {
        var ids = new List<int>();
        model.Encode(word, ids);
        return ids;
    }
}
