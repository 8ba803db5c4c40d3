using MlCluster.Compose.Planning;
using MlCluster.Compose.Reading;
using MlCluster.Compose.Tests.Support;

namespace MlCluster.Compose.Tests.Planning;

public sealed class ComposePlannerTests : IDisposable
{
    private readonly ShellProject _project = new(
        """
        services:
          base: { build: { target: shell }, hostname: base, volumes: ["kept:/var/lib/shell"] }
          many:
            build: { target: shell }
            scale: 2
            command: ["ls /var/lib/shell $$OTHER"]
            environment: { OTHER: "base:80" }
            depends_on: [base]
          extra: { build: { target: shell }, profiles: [more], depends_on: [many] }
        volumes: { kept: {} }
        """);

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Plan_Replicas_ShareNeitherAddressNorFolder()
    {
        var planner = Planner(_project.Options);
        var many = planner.Services()[1];
        var (first, second) = (planner.Plan(many, 1), planner.Plan(many, 2));

        Assert.Equal(("many-1", "127.250.2.1"), (first.Name, first.Address));
        Assert.Equal(("many-2", "127.250.2.2"), (second.Name, second.Address));
        Assert.Equal("/work/replicas/many-1/shell", first.Folders["/var/lib/shell"]);
        Assert.Equal("/work/replicas/many-2/shell", second.Folders["/var/lib/shell"]);
        Assert.Equal("/work/volumes/kept", planner.Plan(planner.Services()[0], 1).Folders["/var/lib/shell"]);
    }

    [Fact]
    public void Plan_CommandAndEnvironment_AreThoseOfTheFileInTermsOfThisMachine()
    {
        var planner = Planner(_project.Options with { Environment = new Dictionary<string, string> { ["MORE"] = "m" } });
        var plan = planner.Plan(planner.Services()[1], 1);

        Assert.Equal(["/bin/sh", "-c", "ls /work/replicas/many-1/shell $OTHER"], plan.Process.Command);
        Assert.Equal("127.250.1.1:80", plan.Process.Environment["OTHER"]);
        Assert.Equal("m", plan.Process.Environment["MORE"]);
        Assert.Equal("127.250.2.1", plan.Process.Environment["HOSTNAME"]);
        Assert.Contains("value   OTHER=base:80 → 127.250.1.1:80", plan.Replaced);
    }

    [Fact]
    public void Services_ProfilesAndNames_AreThoseAskedForAndWhatTheyNeed()
    {
        Assert.Equal(["base", "many"], Names(_project.Options));
        Assert.Equal(["base", "many", "extra"], Names(_project.Options with { Profiles = ["more"] }));
        Assert.Equal(["base"], Names(_project.Options with { Services = ["base"] }));
        Assert.Equal(["base", "many"], Names(_project.Options with { Services = ["many"] }));
        Assert.Throws<ComposeException>(() => Names(_project.Options with { Services = ["none"] }));
    }

    [Fact]
    public void ScaleOf_Asked_IsInPlaceOfTheFiles()
    {
        var planner = Planner(_project.Options with { Scale = new Dictionary<string, int> { ["many"] = 5 } });

        Assert.Equal([1, 5], planner.Services().Select(planner.ScaleOf));
        Assert.Equal(2, Planner(_project.Options).ScaleOf(planner.Services()[1]));
    }

    [Fact]
    public void Plan_SecondOfAHostName_IsRefused()
    {
        var planner = Planner(_project.Options);

        Assert.Throws<ComposeException>(() => planner.Plan(planner.Services()[0], 2));
    }

    private static ComposePlanner Planner(ComposeOptions options) =>
        new(ComposeFile.Read(options.File), options, "/work");

    private static IEnumerable<string> Names(ComposeOptions options) => Planner(options).Services().Select(s => s.Name);
}
