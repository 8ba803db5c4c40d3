using System.Text;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

/// <summary>A BPE or Unigram model that cannot be served exactly is refused with its reason.</summary>
public sealed class ModelRefusalTests
{
    [Theory]
    [InlineData("""{"a":0}""", """["a b"]""", "", "model.merges[0]: 'b' is not in the vocabulary")]
    [InlineData("""{"a":0,"b":1}""", """["a b"]""", "", "model.merges[0]: 'ab' is not in the vocabulary")]
    [InlineData("""{"a":0}""", """["#version: 0.2","a"]""", "", "model.merges[1] 'a' is not two tokens")]
    [InlineData("""{"a":0}""", """["a  a"]""", "", "model.merges[0] 'a  a' is not two tokens")]
    [InlineData("""{"a":0}""", """[["a"]]""", "", "model.merges[0] has 1 tokens, not two")]
    [InlineData("""{"a":0}""", """[[7,"a"]]""", "", "model.merges[0][0] is not a string")]
    [InlineData("""{"a":0}""", "{}", "", "model.merges is not an array")]
    [InlineData("""{"a":0,"b":0}""", "[]", "", "'a' and 'b' share the id 0")]
    [InlineData("[]", "[]", "", "model.vocab is not an object")]
    [InlineData("""{"a":0}""", "[]", ""","unk_token":"u" """, "does not hold the unknown token 'u'")]
    [InlineData("""{"a":0}""", "[]", ""","dropout":0.1""", "model.dropout is not 0")]
    [InlineData("""{"a":0}""", "[]", ""","byte_fallback":1""", "model.byte_fallback is not true or false")]
    [InlineData("""{"a":0}""", "[]", ""","end_of_word_suffix":"é" """, "model.end_of_word_suffix 'é' is not ASCII")]
    [InlineData(
        """{"a":0}""", """["a a"]""", ""","continuing_subword_prefix":"##" """, "'a' is shorter than the prefix '##'")]
    public void Load_BrokenBpe_IsRefused(string vocab, string merges, string rest, string reason) =>
        AssertRefused($$"""{"type":"BPE","vocab":{{vocab}},"merges":{{merges}}{{rest}}}""", reason);

    [Theory]
    [InlineData("{}", "0", "", "model.vocab is not an array")]
    [InlineData("[]", "0", "", "model.vocab is empty")]
    [InlineData("""[["a",0]]""", "1", "", "model.unk_id is 1, but model.vocab has 1 pieces")]
    [InlineData("""[["a",0]]""", "-1", "", "model.unk_id is not a whole number")]
    [InlineData("""[["a",0],["b"]]""", "0", "", "model.vocab[1] is not a piece and its score")]
    [InlineData("""[["a",null]]""", "0", "", "model.vocab[0] is not a piece and its score")]
    [InlineData("""[["a",1e999]]""", "0", "", "model.vocab[0] is not a piece and its score")]
    [InlineData("""[[1,0]]""", "0", "", "model.vocab[0] is not a piece and its score")]
    [InlineData("""["a"]""", "0", "", "model.vocab[0] is not a piece and its score")]
    [InlineData("""[["a",0]]""", "0", ""","byte_fallback":"yes" """, "model.byte_fallback is not true or false")]
    public void Load_BrokenUnigram_IsRefused(string vocab, string unknown, string rest, string reason) =>
        AssertRefused($$"""{"type":"Unigram","vocab":{{vocab}},"unk_id":{{unknown}}{{rest}}}""", reason);

    [Fact]
    public void Load_UnigramWithAHugePiece_IsRefused() => AssertRefused(
        $$"""{"type":"Unigram","vocab":[["a",0],["{{new string('b', 513)}}",0]],"unk_id":0}""",
        "model.vocab[1] is longer than 512 characters");

    private static void AssertRefused(string model, string reason)
    {
        var refusal = Assert.Throws<ModelFormatException>(
            () => HuggingFaceTokenizer.Load(Encoding.UTF8.GetBytes($$"""{"model":{{model}}}""")));

        Assert.StartsWith("tokenizer.json: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }
}
