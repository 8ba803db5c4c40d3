using MlCluster.Inference.Tokenization;
using MlCluster.Inference.Tokenization.AddedTokens;
using MlCluster.Inference.Tokenization.Models;
using MlCluster.Inference.Tokenization.PreTokenization;

namespace MlCluster.Inference.Tests.Tokenization;

public sealed class TokenizationPipelineTests
{
    [Theory]
    [InlineData(5, 5)]
    [InlineData(int.MaxValue, 100)]
    public void Run_EnoughTokens_NoFurtherWordIsEncoded(int enough, int words)
    {
        var model = new CountingModel();
        var pipeline = new TokenizationPipeline(
            new AddedVocabulary([], model, normalizer: null), normalizer: null, CharacterPreTokenizer.Bert, model);

        using var workspace = Workspace.Rent(TextDeadline.None);
        pipeline.Run(string.Join(' ', Enumerable.Repeat("word", 100)), workspace, enough);

        Assert.Equal(words, model.Words);
    }

    /// <summary>One token a word.</summary>
    private sealed class CountingModel : ITokenModel
    {
        public int Words { get; private set; }

        public int VocabularySize => 1;

        public bool TryGetId(string token, out int id)
        {
            id = 0;
            return false;
        }

        public void Encode(ReadOnlySpan<char> word, List<int> ids, List<Part>? parts = null)
        {
            Words++;
            ids.Add(0);
        }
    }
}
