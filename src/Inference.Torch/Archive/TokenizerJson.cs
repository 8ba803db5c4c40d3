using System.Text.Json;

namespace MlCluster.Inference.Archive;

/// <summary>Checks that a file can be a tokenizer.json: one JSON object with a <c>model</c>.</summary>
internal sealed class TokenizerJson
{
    private bool _afterModel;
    private bool _hasModel;
    private bool _started;

    /// <summary>Reads the stream to its end, a buffer at a time.</summary>
    /// <exception cref="ModelFormatException">It is not JSON, or not a tokenizer.</exception>
    public static void Check(Stream json)
    {
        try
        {
            new TokenizerJson().Read(json);
        }
        catch (JsonException e)
        {
            throw Refuse($"it is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine})", e);
        }
    }

    private static ModelFormatException Refuse(string reason, Exception? cause = null) => new(
        $"tokenizer.json is not a tokenizer: {reason}; save it with the tokenizers library", cause);

    private void Read(Stream json)
    {
        var buffer = new byte[1 << 16];
        var filled = 0;
        var state = new JsonReaderState();
        for (var last = false; !last;)
        {
            var read = json.Read(buffer, filled, buffer.Length - filled);
            (last, filled) = (read == 0, filled + read);
            var reader = new Utf8JsonReader(buffer.AsSpan(0, filled), last, state);
            while (reader.Read())
            {
                See(ref reader);
            }

            state = reader.CurrentState;
            var consumed = (int)reader.BytesConsumed;
            buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
            filled -= consumed;
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        if (!_hasModel)
        {
            throw Refuse("it has no object named model");
        }
    }

    private void See(ref Utf8JsonReader reader)
    {
        if (!_started && reader.TokenType != JsonTokenType.StartObject)
        {
            throw Refuse("its root is not an object");
        }

        _started = true;
        _hasModel |= _afterModel && reader.TokenType == JsonTokenType.StartObject;
        _afterModel =
            reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("model");
    }
}
