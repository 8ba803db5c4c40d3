using System.Text.Json;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Gateway.Documents;

/// <summary>Writes a model's controller (contract 8).</summary>
internal static class ControllerDocumentWriter
{
    public static void Write(Utf8JsonWriter json, ControllerDocument controller)
    {
        json.WriteStartObject();
        json.WriteString("model_id", controller.ModelId.Value);
        json.WriteStartObject("user_rate_limiter");
        foreach (var (user, limiter) in controller.Users)
        {
            json.Limiter(user, limiter);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
