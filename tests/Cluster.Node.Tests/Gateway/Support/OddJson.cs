using System.Text;
using System.Text.Json;
using CsCheck;

namespace MlCluster.Node.Tests.Gateway.Support;

/// <summary>JSON as mistaken or hostile clients send it: a good document with something wrong in it.</summary>
internal static class OddJson
{
    private static readonly string[] Values =
    [
        "null", "true", "\"true\"", "0", "-1", "1.5", "\"7\"", "2147483648", "1e400", "-0",
        "99999999999999999999999999999999", "\"\"", "\"a\"", "\"*\"", "\"\\ud800\"", "\"\\u0000\"", "\"é😀\"",
        $"\"{new string('x', 20_000)}\"", "[]", "[null]", "[[]]", "[\"a\",\"a\"]", "{}", "{\"a\":1}", "{\"\":{}}",
        "{\"\\udc00\":1}", "{\"a\":1,\"a\":2}", "tru", "'a'", "/**/1", "//", "",
    ];

    /// <summary>Documents that differ from one of these in one to three places.</summary>
    public static Gen<byte[]> Of(params string[] good) =>
        from start in Gen.Int[0, good.Length - 1].Select(i => Encoding.UTF8.GetBytes(good[i]))
        from steps in Step.Array[1, 3]
        select steps.Aggregate(start, (bytes, step) => step(bytes));

    private static Gen<Func<byte[], byte[]>> Step =>
        from kind in Gen.Int[0, 5]
        from place in Gen.Double[0, 1]
        from value in Gen.Int[0, Values.Length - 1]
        from code in Gen.Byte
        select (Func<byte[], byte[]>)(bytes => kind switch
        {
            0 => Put(bytes, ((int)(place * bytes.Length), (int)(place * bytes.Length)), [code]),
            1 => bytes[..(int)(place * bytes.Length)],
            _ => PartsOf(bytes) is { Count: > 0 } parts
                ? Put(bytes, parts[(int)(place * (parts.Count - 1))], Encoding.UTF8.GetBytes(Values[value]))
                : bytes,
        });

    private static byte[] Put(byte[] bytes, (int Start, int End) part, byte[] value) =>
        [.. bytes[..part.Start], .. value, .. bytes[part.End..]];

    /// <summary>Where names and values are, as far as the bytes are JSON; containers count whole.</summary>
    private static List<(int Start, int End)> PartsOf(byte[] json)
    {
        var parts = new List<(int, int)>();
        var open = new Stack<int>();
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                var (start, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push(start);
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        parts.Add((open.Pop(), end));
                        break;
                    case JsonTokenType.PropertyName:
                        // The colon was read with the name.
                        parts.Add((start, start + reader.ValueSpan.Length + 2));
                        break;
                    default:
                        parts.Add((start, end));
                        break;
                }
            }
        }
        catch (JsonException)
        {
            // What follows is broken already.
        }

        return parts;
    }
}
