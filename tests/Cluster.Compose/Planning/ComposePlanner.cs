using MlCluster.Compose.Processes;
using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Planning;

/// <summary>Decides which processes stand in for the containers of a file.</summary>
internal sealed class ComposePlanner(ComposeFile file, ComposeOptions options, string work)
{
    // What a container would not have but a process of this machine needs.
    private static readonly string[] Inherited = ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "DOTNET_ROOT"];

    private readonly AddressBook _addresses = new(options.Network, file.Services);

    /// <summary>Services to start, in the order of the file.</summary>
    /// <exception cref="ComposeException">One that was named is not there.</exception>
    public IReadOnlyList<ComposeService> Services()
    {
        var unknown = options.Services.Concat(options.Scale.Keys)
            .FirstOrDefault(n => file.Services.All(s => s.Name != n));
        if (unknown is not null)
        {
            throw new ComposeException($"there is no service [{unknown}]");
        }

        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var service in file.Services.Where(IsWanted))
        {
            AddWithDependencies(service, wanted);
        }

        return [.. file.Services.Where(s => wanted.Contains(s.Name))];
    }

    /// <summary>Number of replicas at the start.</summary>
    public int ScaleOf(ComposeService service) => options.Scale.GetValueOrDefault(service.Name, service.Scale);

    /// <summary>One replica of a service.</summary>
    /// <param name="service">Of the file.</param>
    /// <param name="number">From 1.</param>
    public ReplicaPlan Plan(ComposeService service, int number)
    {
        if (number > 1 && service.Hostname is not null)
        {
            throw new ComposeException($"services.{service.Name} has a host name: there is one of it");
        }

        var image = StandIns.Of(service, file, options);
        var (name, address) = (AddressBook.NameOf(service, number), _addresses.AddressOf(service, number));
        var folders = Folders(service, image, name);
        var substitution = new Substitution(
            address, _addresses.Hosts(), folders.Concat(image.Programs).ToDictionary(StringComparer.Ordinal));
        var written = Written(service, image);
        var environment = Local(written, substitution, (service, name, address));
        ProcessSpec Spec(IEnumerable<string> words) => new([.. words.Select(substitution.Apply)], environment, work);
        IEnumerable<string> command = [.. service.Entrypoint ?? image.Entrypoint, .. image.Command(service.Command)];
        return new ReplicaPlan(name, service, address, Spec(command))
        {
            HealthProcess = service.Health is { } check ? Spec(check.Command) : null,
            StopSignal = UnixSignals.Parse(service.StopSignal ?? image.StopSignal),
            Folders = folders,
            PrepareAsync = () => image.PrepareAsync(written, folders),
            Replaced = Replacements.Of(service, image, (name, address, folders), written, substitution),
        };
    }

    private bool IsWanted(ComposeService service) => options.Services.Count > 0
        ? options.Services.Contains(service.Name, StringComparer.Ordinal)
        : service.Profiles.Count == 0 || service.Profiles.Intersect(options.Profiles, StringComparer.Ordinal).Any();

    private void AddWithDependencies(ComposeService service, HashSet<string> wanted)
    {
        if (wanted.Add(service.Name))
        {
            foreach (var dependency in service.DependsOn.Keys)
            {
                AddWithDependencies(file.Services.First(s => s.Name == dependency), wanted);
            }
        }
    }

    // Named volumes are one folder each, whoever names them; an anonymous one belongs to its replica.
    private Dictionary<string, string> Folders(ComposeService service, StandIn image, string name)
    {
        var folders = service.Mounts.ToDictionary(
            m => m.Target,
            m => m.IsFolder ? Path.GetFullPath(m.Source, file.Folder) : Path.Combine(work, "volumes", m.Source),
            StringComparer.Ordinal);
        foreach (var path in image.Volumes.Where(v => !folders.ContainsKey(v)))
        {
            folders[path] = Path.Combine(work, "replicas", name, Path.GetFileName(path));
        }

        return folders;
    }

    private Dictionary<string, string> Written(ComposeService service, StandIn image)
    {
        var overrides = service.BuildTarget is null ? [] : options.Environment.AsEnumerable();
        return Merge(image.Environment, service.Environment, overrides);
    }

    // The host name is what a container engine puts into HOSTNAME; here only an address can be found by others.
    private static Dictionary<string, string> Local(
        Dictionary<string, string> written,
        Substitution substitution,
        (ComposeService Service, string Name, string Address) replica)
    {
        var inherited = Inherited.Select(n => KeyValuePair.Create(n, Environment.GetEnvironmentVariable(n) ?? ""))
            .Where(p => p.Value.Length > 0);
        var own = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOSTNAME"] = replica.Address };
        if (replica.Service.BuildTarget is not null)
        {
            own["MLCLUSTER_NODE_NAME"] = replica.Name;
        }

        return Merge(
            inherited, own, written.Select(p => KeyValuePair.Create(p.Key, substitution.Apply(p.Value))));
    }

    private static Dictionary<string, string> Merge(params IEnumerable<KeyValuePair<string, string>>[] sources) =>
        sources.SelectMany(s => s)
        .GroupBy(p => p.Key, p => p.Value, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
}
