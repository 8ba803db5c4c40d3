using System.Globalization;
using System.Text.Json.Nodes;

namespace MlCluster.Compose.Reading;

/// <summary>Reads one service. A key that is not carried out is an error: a run would prove nothing of it.</summary>
internal static class ServiceReader
{
    private static readonly string[] Keys =
    [
        "image", "build", "hostname", "entrypoint", "command", "environment", "healthcheck", "depends_on", "restart",
        "stop_signal", "stop_grace_period", "volumes", "ports", "profiles", "scale", "deploy",
    ];

    /// <exception cref="ComposeException">A key or a value is wrong.</exception>
    public static ComposeService Read(string name, JsonObject service)
    {
        var reader = new Section($"services.{name}", service);
        reader.Allow(Keys);
        var build = reader.Child("build");
        build?.Allow("context", "target");
        return new ComposeService(name)
        {
            Image = reader.Text("image"),
            BuildTarget = build?.Text("target"),
            Hostname = reader.Text("hostname"),
            Entrypoint = service.ContainsKey("entrypoint") ? reader.List("entrypoint") : null,
            Command = reader.List("command"),
            Environment = reader.Pairs("environment"),
            Health = reader.Child("healthcheck") is { } check ? ReadHealth(check) : null,
            DependsOn = ReadDependencies(reader, service["depends_on"]),
            Restart = reader.Read("restart", RestartPolicy.Parse, RestartPolicy.Never),
            StopSignal = reader.Text("stop_signal"),
            StopGracePeriod = reader.Read("stop_grace_period", Durations.Parse, TimeSpan.FromSeconds(10)),
            Mounts = [.. reader.List("volumes").Select(v => ReadMount(reader, v))],
            Ports = reader.List("ports"),
            Profiles = reader.List("profiles"),
            Scale = reader.Read("scale", Number, 1),
            ReservesDevices = ReadDevices(reader.Child("deploy")),
        };
    }

    private static HealthCheck ReadHealth(Section check)
    {
        check.Allow("test", "interval", "timeout", "retries", "start_period");
        IReadOnlyList<string> command = check.List("test") switch
        {
            ["CMD", ..] test => [.. test.Skip(1)],
            ["CMD-SHELL", var text] => ["/bin/sh", "-c", text],
            _ => throw new ComposeException($"{check.Path}.test: begin it with CMD or CMD-SHELL"),
        };
        var defaults = new HealthCheck(command);
        return defaults with
        {
            Interval = check.Read("interval", Durations.Parse, defaults.Interval),
            Timeout = check.Read("timeout", Durations.Parse, defaults.Timeout),
            Retries = check.Read("retries", Number, defaults.Retries),
            StartPeriod = check.Read("start_period", Durations.Parse, defaults.StartPeriod),
        };
    }

    private static Dictionary<string, DependencyCondition> ReadDependencies(
        Section reader, JsonNode? node) => node switch
    {
        null => [],
        JsonArray => reader.List("depends_on")
            .ToDictionary(d => d, _ => DependencyCondition.Started, StringComparer.Ordinal),
        _ => reader.Child("depends_on")!.Children().ToDictionary(
            d => d.Key, d => ReadCondition(d.Value), StringComparer.Ordinal),
    };

    private static DependencyCondition ReadCondition(Section dependency)
    {
        dependency.Allow("condition");
        return dependency.Text("condition") switch
        {
            null or "service_started" => DependencyCondition.Started,
            "service_healthy" => DependencyCondition.Healthy,
            var other => throw new ComposeException($"{dependency.Path}.condition: [{other}] is not carried out"),
        };
    }

    private static Mount ReadMount(Section reader, string text) => text.Split(':') switch
    {
        [var source, var target] => new Mount(source, target),
        [var source, var target, "ro" or "rw"] => new Mount(source, target),
        _ => throw new ComposeException($"{reader.Path}.volumes: [{text}] is not source:target"),
    };

    // Whether there is a GPU is seen on the machine; nothing else of it is carried out.
    private static bool ReadDevices(Section? deploy)
    {
        deploy?.Allow("resources");
        var resources = deploy?.Child("resources");
        resources?.Allow("reservations");
        var reservations = resources?.Child("reservations");
        reservations?.Allow("devices");
        return reservations is not null;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
