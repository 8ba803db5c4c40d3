using System.Buffers;
using System.Text.Json;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Rewrites a finished answer: filtered by <c>filter_path</c>, indented by <c>pretty</c>.</summary>
internal static class JsonShape
{
    private const int MaxDepth = 1000;

    /// <summary>Writes the document as wanted.</summary>
    public static void Write(ReadOnlyMemory<byte> json, FilterPath? filter, bool pretty, IBufferWriter<byte> output)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        using (var writer = new Utf8JsonWriter(output, JsonAnswer.Compact with { Indented = pretty }))
        {
            if (filter is null)
            {
                document.RootElement.WriteTo(writer);
            }
            else
            {
                WriteFiltered(document.RootElement, filter, writer);
            }
        }

        if (pretty)
        {
            output.Write("\n"u8);
        }
    }

    private static void WriteFiltered(JsonElement root, FilterPath filter, Utf8JsonWriter writer)
    {
        var state = new State(filter.Includes.IsEmpty ? null : filter.Includes, filter.Excludes);
        if (state.Keeps(root))
        {
            Write(root, state, writer);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
    }

    private static void Write(JsonElement element, State state, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array when !state.KeepsAll:
                WriteArray(element, state, writer);
                break;
            case JsonValueKind.Object when !state.KeepsAll:
                WriteObject(element, state, writer);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static void WriteArray(JsonElement array, State state, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var item in array.EnumerateArray().Where(state.Keeps))
        {
            Write(item, state, writer);
        }

        writer.WriteEndArray();
    }

    private static void WriteObject(JsonElement element, State state, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var field in element.EnumerateObject())
        {
            var inner = state.Into(field.Name);
            if (inner.Keeps(field.Value))
            {
                writer.WritePropertyName(field.Name);
                Write(field.Value, inner, writer);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Where a walk is; <c>Includes</c> null: everything is wanted from here on.</summary>
    private readonly record struct State(PathMatch? Includes, PathMatch Excludes)
    {
        public bool KeepsAll => Includes is null && Excludes.IsEmpty;

        public State Into(string name)
        {
            var includes = Includes?.Into(name);
            return new State(includes is { IsComplete: true } ? null : includes, Excludes.Into(name));
        }

        /// <summary>True when something of the element is left after the filter.</summary>
        public bool Keeps(JsonElement element)
        {
            if (Excludes.IsComplete || Includes is { IsEmpty: true })
            {
                return false;
            }

            return element.ValueKind switch
            {
                _ when KeepsAll => true,
                JsonValueKind.Object => KeepsSomeField(element),
                JsonValueKind.Array => element.GetArrayLength() == 0
                    ? Includes is null : element.EnumerateArray().Any(Keeps),
                _ => Includes is null,
            };
        }

        private bool KeepsSomeField(JsonElement element)
        {
            var here = this;
            return element.EnumerateObject().Any(f => here.Into(f.Name).Keeps(f.Value))
                || (Includes is null && !element.EnumerateObject().Any());
        }
    }
}
