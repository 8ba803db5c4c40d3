using System.Reflection;
using NetArchTest.Rules;

namespace MlCluster.Node.Tests;

/// <summary>The arrows between the parts point one way.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly Node = typeof(MlCluster.Node.Hosting.NodeOptions).Assembly;
    private static readonly Assembly Messages = typeof(MlCluster.Messages.IClusterProtocol).Assembly;
    private static readonly Assembly Engine = typeof(MlCluster.Inference.IModelRuntime).Assembly;

    [Fact]
    public void Engine_References_NeitherAkkaNorHttpNorTheCluster() =>
        Assert.DoesNotContain(
            Engine.GetReferencedAssemblies(),
            a => a.Name!.StartsWith("Akka", StringComparison.Ordinal)
                || a.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || a.Name.StartsWith("Cluster.", StringComparison.Ordinal));

    [Fact]
    public void Messages_References_NeitherTorchNorHttp() =>
        Assert.DoesNotContain(
            Messages.GetReferencedAssemblies(),
            a => a.Name!.StartsWith("Torch", StringComparison.Ordinal)
                || a.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void Messages_OutsideSerialization_KnowNoAkka() =>
        AssertHolds(Types.InAssembly(Messages).That()
            .DoNotResideInNamespaceContaining("MlCluster.Messages.Serialization")
            .ShouldNot().HaveDependencyOn("Akka").GetResult());

    [Fact]
    public void Domain_IsPure() =>
        AssertHolds(Types.InAssembly(Node).That().ResideInNamespaceContaining("MlCluster.Node.Domain")
            .ShouldNot().HaveDependencyOnAny("Akka", "Microsoft.AspNetCore", "TorchSharp").GetResult());

    [Fact]
    public void OnlyGateway_WritesJsonForClients() =>
        AssertHolds(Types.InAssembly(Node).That()
            .ResideInNamespaceContaining("MlCluster.Node.Data")
            .ShouldNot().HaveDependencyOn("Microsoft.AspNetCore.Http").GetResult());

    // An archive is checked on its way in by managed code, whose refusals are ModelFormatExceptions.
    [Fact]
    public void OutsideMl_TheEngineIsKnownByItsArchiveAlone()
    {
        string[] engine =
        [
            .. Engine.GetTypes()
                .Where(t => t.Namespace?.StartsWith("MlCluster.Inference", StringComparison.Ordinal) == true)
                .Where(t => t.Namespace?.StartsWith("MlCluster.Inference.Archive", StringComparison.Ordinal) != true)
                .Where(t => t != typeof(MlCluster.Inference.ModelFormatException))
                .Select(t => t.FullName!),
        ];

        AssertHolds(Types.InAssembly(Node).That()
            .DoNotResideInNamespaceContaining("MlCluster.Node.Ml")
            .ShouldNot().HaveDependencyOnAny(engine).GetResult());
    }

    private static void AssertHolds(TestResult result) =>
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
}
