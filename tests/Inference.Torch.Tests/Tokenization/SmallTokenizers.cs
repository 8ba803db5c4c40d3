using System.Text;
using System.Text.Json;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

/// <summary>Tiny tokenizers of the families that <see cref="ReferenceVectors.Small"/> does not have.</summary>
internal static class SmallTokenizers
{
    private const string Specials =
        """
        "added_tokens":[
          {"id":0,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
          {"id":1,"content":"</s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
          {"id":2,"content":"<mask>","single_word":false,"lstrip":true,"rstrip":false,"normalized":false,
           "special":true}],
        "post_processor":{"type":"RobertaProcessing","sep":["</s>",1],"cls":["<s>",0],"trim_offsets":true,
          "add_prefix_space":false}
        """;

    /// <summary>Byte-level BPE: all bytes and a few merges.</summary>
    public static HuggingFaceTokenizer ByteLevelBpe(bool addPrefixSpace = false) => Load(
        $$"""
        {"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":{{(addPrefixSpace ? "true" : "false")}},
           "trim_offsets":true},
         "model":{"type":"BPE","vocab":{{ByteVocabulary()}},"merges":["h e","l l","he ll","hell o","Ġ hello"]},
         {{Specials}}}
        """);

    /// <summary>Unigram behind a Metaspace pre-tokenizer.</summary>
    /// <param name="preTokenizer">The rest of the Metaspace component.</param>
    public static HuggingFaceTokenizer Unigram(string preTokenizer = "", string normalizer = "null") => Load(
        $$"""
        {"normalizer":{{normalizer}},
         "pre_tokenizer":{"type":"Metaspace","replacement":"▁"{{preTokenizer}}},
         "model":{"type":"Unigram","unk_id":3,"vocab":[["<s>",0],["</s>",0],["<mask>",0],["<unk>",0],["▁",-2],
           ["▁a",-2.5],["a",-3],["b",-3],["▁a▁b",-3],["ab",-3.5],["abab",-6.5],["é",-5],["字",-6]]},
         {{Specials}}}
        """);

    /// <summary>Reads a tokenizer.json.</summary>
    public static HuggingFaceTokenizer Load(string json) => HuggingFaceTokenizer.Load(Encoding.UTF8.GetBytes(json));

    private static string ByteVocabulary()
    {
        string[] first = ["<s>", "</s>", "<mask>"];
        var bytes = Enumerable.Range(0, 0x144).Select(static c => (char)c).Where(static c =>
            c is (>= '!' and <= '~') or (>= '\u00A1' and <= '\u00AC') or (>= '\u00AE' and <= '\u00FF') or >= '\u0100');
        string[] merged = ["he", "ll", "hell", "hello", "Ġhello"];
        var tokens = first.Concat(bytes.Select(static c => c.ToString())).Concat(merged);
        return JsonSerializer.Serialize(
            tokens.Select(static (token, id) => (token, id)).ToDictionary(static e => e.token, static e => e.id));
    }
}
