using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MlCluster.Node.Data;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Domain.Uploads;
using MlCluster.Node.Gateway;
using MlCluster.Node.Gateway.Endpoints;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Hosting;
using MlCluster.Node.Routing;
using MlCluster.Node.Settings;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Gateway.Support;

/// <summary>A gateway alone, on a real server and a free port, with a <see cref="FakeCluster"/> behind it.</summary>
public sealed class GatewayHost : IAsyncLifetime
{
    private WebApplication _app = null!;

    internal FakeCluster Cluster { get; } = new();

    internal ClusterSettings Settings { get; init; } = KnownSettings();

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal BrokenLinks Links { get; } = new(TimeProvider.System, TimeSpan.FromMinutes(1));

    internal string Hocon { get; init; } = "";

    internal RecordedLog Log { get; } = new();

    /// <summary>What the gateway counts.</summary>
    internal NodeMetrics Metrics { get; } = new(Samples.NodeA);

    public HttpClient Http { get; private set; } = null!;

    internal IEnumerable<ApiEndpoint> Endpoints =>
        _app.Services.GetServices<IEndpointSource>().SelectMany(source => source.Endpoints);

    public async Task InitializeAsync()
    {
        var context = new NodeContext(
            new NodeOptions(), Samples.NodeA, "node-1", ConfigurationFactory.ParseString(Hocon), Time)
        {
            Metrics = Metrics,
        };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IClusterClient>(Cluster).AddSingleton<IClusterViewSource>(Cluster);
        builder.Services.AddSingleton(Links);
        builder.Services.AddSingleton(new UrlPolicy(new UploadOptions().TrustedUrl, true, []));
        builder.Services.AddSingleton<IClusterSettings>(Settings);
        builder.Services.AddGatewayServices(context);
        _app = builder.Build();
        _app.MapGet("/mapped", () => "by the host");
        _app.MapGateway();
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Http = new HttpClient { BaseAddress = new Uri(addresses.Addresses.First()) };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private static ClusterSettings KnownSettings()
    {
        var settings = new ClusterSettings();
        settings.Take(SettingsSnapshot.Initial);
        return settings;
    }

    /// <summary>Sets one setting, as if another gateway had.</summary>
    internal void Set(string name, string value)
    {
        var current = Settings.Current;
        Settings.Take(current with
        {
            Version = current.Version + 1,
            Persistent = current.Persistent.SetItem(name, value),
        });
    }

    /// <summary>Stops the server as a signal does.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Sends a request; a body is JSON.</summary>
    public async Task<(int Status, string Body)> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var answer = await Http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends a request that must succeed.</summary>
    public async Task<string> OkAsync(string method, string path, string? body = null)
    {
        var (status, text) = await SendAsync(method, path, body);
        Assert.True(status == (int)HttpStatusCode.OK, $"{method} {path} answered {status} {text}");
        return text;
    }

    /// <summary>Sends a request that must fail with the envelope of contract 1.1.</summary>
    public async Task<(string Type, string Reason)> RefusedAsync(
        int status, string method, string path, string? body = null)
    {
        var (actual, text) = await SendAsync(method, path, body);
        Assert.True(actual == status, $"{method} {path} answered {actual} {text} instead of {status}");
        var json = JsonNode.Parse(text)!;
        Assert.Equal(status, (int)json["status"]!);
        var error = json["error"]!;
        var root = Assert.Single(error["root_cause"]!.AsArray())!;
        Assert.Equal((string?)error["type"], (string?)root["type"]);
        Assert.Equal((string?)error["reason"], (string?)root["reason"]);
        return ((string)error["type"]!, (string)error["reason"]!);
    }
}
