using System.Globalization;
using System.Text.Json;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Gateway.Documents;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.Search;

/// <summary>Writes hits as OpenSearch does (contract 3.6).</summary>
internal static class SearchAnswer
{
    /// <summary>OpenSearch's name of the index that holds such documents.</summary>
    public static string IndexOf(DocumentKind kind) => kind switch
    {
        DocumentKind.Model => ".plugins-ml-model",
        DocumentKind.ModelGroup => ".plugins-ml-model-group",
        _ => ".plugins-ml-task",
    };

    public static void Write(
        Utf8JsonWriter json, DocumentKind kind, SearchBody body, DocumentsFound found, TimeSpan took)
    {
        json.WriteStartObject();
        json.WriteNumber("took", (long)took.TotalMilliseconds);
        json.WriteBoolean("timed_out", false);
        WriteShards(json);
        json.WriteStartObject("hits");
        WriteTotal(json, body, found.Total);
        WriteScore(json, "max_score", body.HasScores && body.Size > 0 ? found.MaxScore : null);
        json.WriteStartArray("hits");
        foreach (var hit in found.Hits)
        {
            WriteHit(json, kind, body, hit);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteShards(Utf8JsonWriter json)
    {
        json.WriteStartObject("_shards");
        json.WriteNumber("total", 1);
        json.WriteNumber("successful", 1);
        json.WriteNumber("skipped", 0);
        json.WriteNumber("failed", 0);
        json.WriteEndObject();
    }

    private static void WriteTotal(Utf8JsonWriter json, SearchBody body, long total)
    {
        if (body.TotalUpTo is { } upTo)
        {
            json.WriteStartObject("total");
            json.WriteNumber("value", Math.Min(total, upTo));
            json.WriteString("relation", total > upTo ? "gte" : "eq");
            json.WriteEndObject();
        }
    }

    private static void WriteHit(Utf8JsonWriter json, DocumentKind kind, SearchBody body, SearchHit hit)
    {
        json.WriteStartObject();
        json.WriteString("_index", IndexOf(kind));
        json.WriteString("_id", hit.Id);
        json.WriteNumber("_version", hit.Version);
        json.WriteNumber("_seq_no", hit.SeqNo);
        json.WriteNumber("_primary_term", 1);
        WriteScore(json, "_score", body.HasScores ? hit.Score : null);
        WriteSource(json, kind, body.Source, hit);
        if (body.Sort.Count > 0)
        {
            WriteSort(json, hit);
        }

        json.WriteEndObject();
    }

    private static void WriteScore(Utf8JsonWriter json, string name, float? score)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(score is { } number ? TextOf(number) : "null", skipInputValidation: true);
    }

    // 1.0, as OpenSearch writes it: some clients take 1 for a whole number and refuse it.
    private static string TextOf(float score)
    {
        var text = score.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    private static void WriteSource(Utf8JsonWriter json, DocumentKind kind, SourceFilter filter, SearchHit hit)
    {
        if (!filter.IsWanted)
        {
            return;
        }

        json.WritePropertyName("_source");
        if (filter.IsWhole)
        {
            WriteDocument(json, kind, hit);
            return;
        }

        using var whole = new PooledBuffer(1024);
        using (var writer = new Utf8JsonWriter(whole, JsonAnswer.Compact))
        {
            WriteDocument(writer, kind, hit);
        }

        using var document = JsonDocument.Parse(whole.Written);
        filter.Write(document.RootElement, json);
    }

    private static void WriteDocument(Utf8JsonWriter json, DocumentKind kind, SearchHit hit)
    {
        switch (kind)
        {
            case DocumentKind.Model:
                ModelDocumentWriter.Write(json, DocumentBytes.Model(hit.Document));
                break;
            case DocumentKind.ModelGroup:
                ModelGroupDocumentWriter.Write(json, DocumentBytes.ModelGroup(hit.Document));
                break;
            default:
                TaskDocumentWriter.Write(json, DocumentBytes.Task(hit.Document));
                break;
        }
    }

    private static void WriteSort(Utf8JsonWriter json, SearchHit hit)
    {
        json.WriteStartArray("sort");
        foreach (var value in hit.Sort)
        {
            switch (value)
            {
                case { Text: { } text }:
                    json.WriteStringValue(text);
                    break;
                case { Number: { } number }:
                    json.WriteNumberValue(number);
                    break;
                case { Real: { } real }:
                    json.WriteRawValue(TextOf((float)real), skipInputValidation: true);
                    break;
                default:
                    json.WriteNullValue();
                    break;
            }
        }

        json.WriteEndArray();
    }
}
