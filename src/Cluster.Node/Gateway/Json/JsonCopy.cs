using System.Text;
using System.Text.Json;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.Json;

/// <summary>Copies a value out of a body as clean JSON: no comments, no trailing commas, no lone surrogates.</summary>
internal static class JsonCopy
{
    /// <summary>The object at the reader as text; leaves the reader at its end.</summary>
    public static string Object(ref Utf8JsonReader reader)
    {
        using var copy = new PooledBuffer(reader.ValueSpan.Length);
        using (var writer = new Utf8JsonWriter(copy, JsonAnswer.Compact))
        {
            var depth = reader.CurrentDepth;
            Token(ref reader, writer);
            while (reader.CurrentDepth > depth || reader.TokenType != JsonTokenType.EndObject)
            {
                reader.Read();
                Token(ref reader, writer);
            }
        }

        return Encoding.UTF8.GetString(copy.Written.Span);
    }

    private static void Token(ref readonly Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(JsonStrings.Decode(in reader));
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(JsonStrings.Decode(in reader));
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
