using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Tests.Reading;

public sealed class ComposeFileTests
{
    [Fact]
    public void Parse_MergeKeys_OwnKeysWinOverMergedAndFirstOverLater()
    {
        var service = Assert.Single(Parse(
            """
            x-a: &a { A: "1", B: "1" }
            x-b: &b { B: "2", C: "2" }
            services:
              s:
                image: i
                environment:
                  <<: [*a, *b]
                  A: own
            """).Services);

        Assert.Equal(
            new Dictionary<string, string> { ["A"] = "own", ["B"] = "1", ["C"] = "2" }, service.Environment);
    }

    [Fact]
    public void Parse_EverythingSaid_IsRead()
    {
        var service = Parse(
            """
            services:
              db: { image: d }
              s:
                image: i
                build: { context: ., target: t }
                hostname: h
                scale: 3
                command: run --fast
                environment: ["A=b=c"]
                restart: on-failure:4
                stop_signal: SIGINT
                stop_grace_period: 1m30s
                volumes: ["v:/v", "./f:/f:ro"]
                ports: ["9200-9209:9200"]
                profiles: [gpu]
                depends_on: { db: { condition: service_healthy } }
                healthcheck:
                  test: ["CMD", "check", "me"]
                  interval: 5s
                  timeout: 500ms
                  retries: 2
                  start_period: 1h
            volumes: { v: {} }
            """).Services[1];

        Assert.Equal(("i", "t", "h", 3), (service.Image, service.BuildTarget, service.Hostname, service.Scale));
        Assert.Equal(["run", "--fast"], service.Command);
        Assert.Equal("b=c", service.Environment["A"]);
        Assert.Equal(new RestartPolicy(OnSuccess: false, OnFailure: true, MaxRetries: 4), service.Restart);
        Assert.Equal(("SIGINT", TimeSpan.FromSeconds(90)), (service.StopSignal, service.StopGracePeriod));
        Assert.Equal([new Mount("v", "/v"), new Mount("./f", "/f")], service.Mounts);
        Assert.Equal(["9200-9209:9200"], service.Ports);
        Assert.Equal(["gpu"], service.Profiles);
        Assert.Equal(DependencyCondition.Healthy, service.DependsOn["db"]);
        Assert.Equal(["check", "me"], service.Health!.Command);
        Assert.Equal(
            (TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500), 2, TimeSpan.FromHours(1)),
            (service.Health.Interval, service.Health.Timeout, service.Health.Retries, service.Health.StartPeriod));
    }

    [Theory]
    [InlineData("services: { s: { image: i, cgroup: host } }", "services.s.cgroup")]
    [InlineData("services: { s: { image: i, depends_on: [t] } }", "there is no service [t]")]
    [InlineData("services: { s: { image: i, volumes: ['v:/v'] } }", "[v] is not under volumes")]
    [InlineData("services: { s: { image: i, restart: sometimes } }", "services.s.restart: [sometimes]")]
    [InlineData("services: { s: { image: i, stop_grace_period: soon } }", "[soon] is no duration")]
    [InlineData("services: { s: { image: [i } }", "is not YAML")]
    [InlineData("networks: {}\nservices: {}", "[networks]")]
    [InlineData("x-a: {}", "[services] is missing")]
    public void Parse_WhatIsWrongOrNotCarriedOut_IsNamed(string text, string named)
    {
        var e = Assert.Throws<ComposeException>(() => Parse(text));

        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    private static ComposeFile Parse(string text) => ComposeFile.Parse(text, "/", _ => null);
}
