using Akka.Configuration;
using MlCluster.Node.Hosting;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Telemetry;

public class OtlpSettingsTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    [Fact]
    public void Of_AsShipped_SendsNothing() =>
        Assert.Empty(OtlpSettings.Of(HoconFiles.Load(new NodeOptions()), _ => null));

    [Fact]
    public void Of_Endpoint_SendsWithTheOtherKeys()
    {
        var settings = Of("endpoint = \"http://collector:4317\", interval = 5s, trace-share = 0.25");

        Assert.Equal("http://collector:4317", settings[Endpoint]);
        Assert.Equal("grpc", settings["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("5000", settings["OTEL_METRIC_EXPORT_INTERVAL"]);
        Assert.Equal(
            ("parentbased_traceidratio", "0.25"),
            (settings["OTEL_TRACES_SAMPLER"], settings["OTEL_TRACES_SAMPLER_ARG"]));
    }

    [Theory]
    [InlineData(Endpoint)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")]
    public void Of_EndpointInTheEnvironment_IsEnough(string variable) =>
        Assert.NotEmpty(Of("", (variable, "http://other:4317")));

    [Fact]
    public void Of_VariablesOfOpenTelemetry_WinOverKeys()
    {
        var settings = Of(
            "endpoint = \"http://collector:4317\", protocol = grpc",
            (Endpoint, "http://other:4318"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_TRACES_SAMPLER", "always_on"));

        Assert.Equal(
            ("http://other:4318", "http/protobuf", "always_on"),
            (settings[Endpoint], settings["OTEL_EXPORTER_OTLP_PROTOCOL"], settings["OTEL_TRACES_SAMPLER"]));
    }

    [Theory]
    [InlineData("endpoint = \"collector\"", "endpoint [collector]: give the URL of a collector")]
    [InlineData("endpoint = \"http://c\", protocol = json", "protocol [json]: give grpc or http/protobuf")]
    [InlineData("endpoint = \"http://c\", trace-share = 2.0", "trace-share: give a number")]
    public void Of_WrongValue_NamesKeyAndCure(string keys, string text)
    {
        var fault = Assert.Throws<ConfigurationException>(() => Of(keys));

        Assert.Contains($"mlcluster.telemetry.otlp.{text}", fault.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, string?> Of(string keys, params (string Name, string Value)[] variables) =>
        OtlpSettings.Of(
            ConfigurationFactory.ParseString($"mlcluster.telemetry.otlp {{ {keys} }}"),
            name => Array.Find(variables, v => v.Name == name).Value);
}
