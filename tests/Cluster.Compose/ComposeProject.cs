using System.Collections.Concurrent;
using MlCluster.Compose.Planning;
using MlCluster.Compose.Reading;
using MlCluster.Compose.Running;
using MlCluster.Tests.Support;

namespace MlCluster.Compose;

/// <summary>
/// The services of a <c>docker-compose.yml</c> as local processes; disposing it stops them all.
/// </summary>
public sealed class ComposeProject : IAsyncDisposable
{
    private readonly ComposeOptions _options;
    private readonly ComposePlanner _planner;
    private readonly WorkFolder _work;
    private readonly IReadOnlyList<ComposeService> _services;
    private readonly ConcurrentDictionary<string, (ComposeReplica Replica, ReplicaLog Log)> _replicas =
        new(StringComparer.Ordinal);

    private readonly CancellationTokenSource _stopping = new();
    private Task _started = Task.CompletedTask;

    private ComposeProject(ComposeOptions options)
    {
        _options = options;
        var file = ComposeFile.Read(options.File);
        _work = WorkFolder.Open(options.Work);
        _planner = new ComposePlanner(file, options, _work.Path);
        _services = _planner.Services();
        foreach (var service in _services)
        {
            Add(service, _planner.ScaleOf(service));
        }
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ComposeReplica> Replicas =>
    [
        .. _services.SelectMany(s => _replicas.Values.Select(r => r.Replica).Where(r => r.Service == s.Name)
            .OrderBy(r => r.Name.Length).ThenBy(r => r.Name, StringComparer.Ordinal)),
    ];

    /// <summary>Folder of volumes and logs.</summary>
    public string Work => _work.Path;

    /// <summary>The replica of that name, such as <c>ml-2</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ComposeReplica this[string name] => _replicas[name].Replica;

    /// <summary>Reads the file and decides what to run; nothing is started.</summary>
    /// <exception cref="ComposeException">It cannot be run as asked.</exception>
    public static ComposeProject Open(ComposeOptions options) => new(options);

    /// <summary>What this machine lacks to run a database in the place of PostgreSQL's image; null: nothing.</summary>
    public static string? Missing() => PostgresTools.Missing();

    /// <summary>Replicas of a service.</summary>
    public IReadOnlyList<ComposeReplica> Of(string service) => [.. Replicas.Where(r => r.Service == service)];

    /// <summary>Starts all services, each after those that it depends on.</summary>
    /// <exception cref="TimeoutException">One that another one waits for did not come.</exception>
    public Task StartAsync()
    {
        var tasks = new Dictionary<string, Task>(StringComparer.Ordinal);
        foreach (var service in StartOrder.Of(_services))
        {
            tasks[service.Name] = StartAsync(service, Task.WhenAll(service.DependsOn.Keys.Select(d => tasks[d])));
        }

        return _started = Task.WhenAll(tasks.Values);
    }

    /// <summary>Waits until every replica's health check passes.</summary>
    /// <exception cref="TimeoutException">One did not.</exception>
    public Task WaitUntilHealthyAsync(TimeSpan deadline) =>
        Task.WhenAll(Replicas.Select(r => r.WaitUntilHealthyAsync(deadline, _stopping.Token)));

    /// <summary>Adds replicas to a service, or stops the last ones for good.</summary>
    public async Task ScaleAsync(string service, int replicas)
    {
        var definition = _services.First(s => s.Name == service);
        var surplus = Of(service).Skip(replicas).ToArray();
        await Task.WhenAll(surplus.Select(r => r.StopAsync()));
        foreach (var replica in surplus)
        {
            Remove(replica);
        }

        await Task.WhenAll(Add(definition, replicas).Select(r => r.StartAsync()));
    }

    /// <summary>Stops all services, each before those that it depends on. They may be started again.</summary>
    public async Task StopAsync()
    {
        var tasks = new Dictionary<string, Task>(StringComparer.Ordinal);
        foreach (var service in StartOrder.Of(_services).Reverse())
        {
            var dependents = _services.Where(s => s.DependsOn.ContainsKey(service.Name)).Select(s => tasks[s.Name]);
            tasks[service.Name] = StopAsync(service, Task.WhenAll(dependents));
        }

        await Task.WhenAll(tasks.Values);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Whatever still waits for its turn must not start behind the stop's back.
        await _stopping.CancelAsync();
        await _started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopAsync();
        foreach (var replica in Replicas)
        {
            Remove(replica);
        }

        _stopping.Dispose();
        _work.Dispose();
    }

    private async Task StartAsync(ComposeService service, Task dependencies)
    {
        await dependencies;
        var awaited = service.DependsOn.Where(d => d.Value == DependencyCondition.Healthy).SelectMany(d => Of(d.Key));
        await Task.WhenAll(awaited.Select(r => r.WaitUntilHealthyAsync(_options.StartDeadline, _stopping.Token)));
        _stopping.Token.ThrowIfCancellationRequested();
        await Task.WhenAll(Of(service.Name).Select(r => r.StartAsync()));
    }

    private async Task StopAsync(ComposeService service, Task dependents)
    {
        await dependents;
        await Task.WhenAll(Of(service.Name).Select(r => r.StopAsync()));
    }

    private List<ComposeReplica> Add(ComposeService service, int replicas)
    {
        var added = new List<ComposeReplica>();
        for (var number = Of(service.Name).Count + 1; number <= replicas; number++)
        {
            var plan = _planner.Plan(service, number);
            var log = new ReplicaLog(plan.Name, Path.Combine(_work.Logs, plan.Name + ".log"), _options.OnLine);
            var replica = new ComposeReplica(plan, log, TimeProvider.System);
            _replicas[plan.Name] = (replica, log);
            added.Add(replica);
        }

        return added;
    }

    private void Remove(ComposeReplica replica)
    {
        if (_replicas.TryRemove(replica.Name, out var entry))
        {
            entry.Log.Dispose();
        }
    }
}
