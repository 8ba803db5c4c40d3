using System.Buffers;
using System.Text.Json;
using MlCluster.Messages.Inference;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.Tensors;

/// <summary>Writes answers that are no numbers: the members of an output behind its name (contract 5.2).</summary>
internal static class ContentWriter
{
    private const int BytesPerWeight = 16;
    private const int BytesPerHighlight = 64;

    /// <summary>Bytes of JSON that an answer takes, about; on the high side.</summary>
    public static long EstimateBytes(TensorContent content) =>
        (content.Weights?.Tokens.Sum(static token => (3L * token.Length) + BytesPerWeight) ?? 0)
        + (3L * (content.Text?.Length ?? 0))
        + (content.Highlights?.Items.Sum(static item => (3L * item.Text.Length) + BytesPerHighlight) ?? 0);

    /// <summary>Writes the members, without the braces of the output.</summary>
    public static void Write(TensorContent content, IBufferWriter<byte> output)
    {
        if (content.Weights is { } weights)
        {
            Write(weights, output);
        }
        else if (content.Text is { } text)
        {
            output.Write("\"result\":"u8);
            WriteText(text, output);
        }
        else if (content.Highlights is { } highlights)
        {
            Write(highlights, output);
        }
    }

    private static void Write(TokenWeightList weights, IBufferWriter<byte> output)
    {
        output.Write("\"dataAsMap\":{\"response\":[{"u8);
        for (var i = 0; i < weights.Tokens.Count; i++)
        {
            Separate(i, output);
            WriteText(weights.Tokens[i], output);
            output.Write(":"u8);
            output.Advance(NumberText.Write(weights.Weights[i], output.GetSpan(NumberText.MaxBytes)));
        }

        output.Write("}]}"u8);
    }

    private static void Write(HighlightList highlights, IBufferWriter<byte> output)
    {
        output.Write("\"dataAsMap\":{\"highlights\":["u8);
        for (var i = 0; i < highlights.Items.Count; i++)
        {
            var item = highlights.Items[i];
            Separate(i, output);
            output.Write("{\"text\":"u8);
            WriteText(item.Text, output);
            WriteMember(",\"position\":"u8, item.Position, output);
            WriteMember(",\"start\":"u8, item.Start, output);
            WriteMember(",\"end\":"u8, item.End, output);
            output.Write("}"u8);
        }

        output.Write("]}"u8);
    }

    private static void Separate(int index, IBufferWriter<byte> output)
    {
        if (index > 0)
        {
            output.Write(","u8);
        }
    }

    private static void WriteMember(ReadOnlySpan<byte> name, long value, IBufferWriter<byte> output)
    {
        output.Write(name);
        output.Advance(NumberText.Write(value, output.GetSpan(NumberText.MaxBytes)));
    }

    private static void WriteText(string text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(text, JsonAnswer.Compact.Encoder).EncodedUtf8Bytes);
        output.Write("\""u8);
    }
}
