using System.Globalization;
using Akka.Configuration;

namespace MlCluster.Node.Telemetry;

/// <summary>What is sent by OTLP, as the names of OpenTelemetry's own variables say it.</summary>
internal static class OtlpSettings
{
    private const string Section = "mlcluster.telemetry.otlp";
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Endpoints =
        [Endpoint, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    private static readonly string[] Protocols = ["grpc", "http/protobuf"];

    /// <summary>Variables that stand for the HOCON, as far as the environment does not say otherwise.</summary>
    /// <param name="environment">A variable's value; null: it is not set.</param>
    /// <returns>Empty: nothing is to be sent.</returns>
    /// <exception cref="ConfigurationException">A key has a value that cannot be.</exception>
    public static IReadOnlyDictionary<string, string?> Of(Config config, Func<string, string?> environment)
    {
        var section = config.GetConfig(Section) ?? Config.Empty;
        var endpoint = EndpointOf(section);
        if (endpoint.Length == 0 && !Array.Exists(Endpoints, name => IsSet(environment(name))))
        {
            return new Dictionary<string, string?>();
        }

        var ours = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = ProtocolOf(section),
            ["OTEL_METRIC_EXPORT_INTERVAL"] = MillisecondsOf(section.GetTimeSpan("interval", TimeSpan.FromMinutes(1))),
            ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio",
            ["OTEL_TRACES_SAMPLER_ARG"] = ShareOf(section),
        };
        if (endpoint.Length > 0)
        {
            ours[Endpoint] = endpoint;
        }

        return ours.ToDictionary(
            v => v.Key, v => IsSet(environment(v.Key)) ? environment(v.Key) : v.Value, StringComparer.Ordinal);
    }

    private static bool IsSet(string? value) => !string.IsNullOrWhiteSpace(value);

    private static string EndpointOf(Config section)
    {
        var text = section.GetString("endpoint", "");
        return text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            ? text
            : throw new ConfigurationException(
                $"{Section}.endpoint [{text}]: give the URL of a collector, such as http://collector:4317");
    }

    private static string ProtocolOf(Config section) =>
        section.GetString("protocol", Protocols[0]) is var text && Protocols.Contains(text, StringComparer.Ordinal)
            ? text
            : throw new ConfigurationException($"{Section}.protocol [{text}]: give {string.Join(" or ", Protocols)}");

    private static string ShareOf(Config section) =>
        section.GetDouble("trace-share", 1) is > 0 and <= 1 and var share
            ? share.ToString(CultureInfo.InvariantCulture)
            : throw new ConfigurationException($"{Section}.trace-share: give a number above 0 and at most 1");

    private static string MillisecondsOf(TimeSpan interval) =>
        ((long)interval.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
