using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlCluster.Node.Hosting;

/// <summary><c>Cluster.Node health</c>: asks the node of these options whether it is ready, for supervisors.</summary>
internal static class HealthCommand
{
    public const string Name = "health";

    private const int Ready = 0;
    private const int NotReady = 1;
    private const string NotHealth = "is no node's health";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Writes one line.</summary>
    /// <returns>0: ready; 1: not ready, or nobody answers.</returns>
    public static async Task<int> RunAsync(NodeOptions options, TextWriter output)
    {
        var address = new Uri(Reachable(options.Http), "/health/ready");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(address);
            await output.WriteLineAsync($"{address} {Text(await answer.Content.ReadAsStringAsync())}");
            return answer.StatusCode == HttpStatusCode.OK ? Ready : NotReady;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            var why = e is HttpRequestException ? e.Message : $"no answer within {Patience.TotalSeconds} s";
            await output.WriteLineAsync($"{address} not reached: {why}");
            return NotReady;
        }
    }

    // The check runs where the node runs.
    private static Uri Reachable(Uri http) =>
        NodeOptions.IsAnyAddress(http) ? new UriBuilder(http) { Host = "127.0.0.1" }.Uri : http;

    private static string Text(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject answer && answer["reasons"] is JsonArray reasons
                ? string.Join("; ", [$"{answer["status"]}", .. reasons.Select(r => $"{r}")])
                : NotHealth;
        }
        catch (JsonException)
        {
            return NotHealth;
        }
    }
}
