using System.Text;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Functions;

public sealed class TokenTableTests
{
    [Theory]
    [InlineData("null", "Ġhello", "Ġhello")]
    [InlineData("""{"type":"WordPiece","prefix":"##","cleanup":true}""", "##s", "##s")]
    [InlineData("""{"type":"ByteLevel"}""", "Ġhello", " hello")]
    [InlineData("""{"type":"ByteLevel"}""", "Ã©", "é")]
    [InlineData("""{"type":"Metaspace","replacement":"▁"}""", "▁hello", "hello")]
    [InlineData("""{"type":"Metaspace","replacement":"▁","prepend_scheme":"never"}""", "▁hello", " hello")]
    [InlineData("null", "[CLS]", "")]
    public void WordOf_Token_IsItsTextAlone(string decoder, string token, string expected)
    {
        var table = Load(decoder, token).Tokens!;

        Assert.Equal(token, table.TokenOf(1));
        Assert.Equal(expected, table.WordOf(1));
        Assert.Equal(("", ""), (table.TokenOf(99), table.WordOf(-1)));
    }

    [Fact]
    public void Load_DecoderOfAnotherKind_IsRefusedByName()
    {
        var error = Assert.Throws<ModelFormatException>(() => Load("""{"type":"CTC"}""", "a"));

        Assert.Contains("'CTC'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Answers of question answering are joined from the tokens as they are spelled.</summary>
    [Theory]
    [InlineData("""{"type":"BPEDecoder","suffix":"</w>"}""")]
    [InlineData("""{"type":"Sequence","decoders":[{"type":"Fuse"}]}""")]
    public void Load_SpelledTokensAlone_NeedNoDecoder(string decoder)
    {
        var table = Load(decoder, "a", TokenTexts.Spelled).Tokens!;

        Assert.Equal("a", table.TokenOf(1));
        Assert.Throws<InvalidOperationException>(() => table.WordOf(1));
    }

    private static HuggingFaceTokenizer Load(string decoder, string token, TokenTexts texts = TokenTexts.Decoded)
    {
        const string Flags =
            """
            "single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}
            """;
        var control = token.StartsWith('[') ? $$""",{"id":1,"content":"{{token}}",{{Flags}}""" : "";
        return HuggingFaceTokenizer.Load(
            Encoding.UTF8.GetBytes($$"""
                {"decoder":{{decoder}},
                 "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
                  "max_input_chars_per_word":100,"vocab":{"[UNK]":0,"{{token}}":1} },
                 "added_tokens":[{"id":0,"content":"[UNK]",{{Flags}}{{control}}]}
                """),
            texts);
    }
}
