using MlCluster.Inference.Rehearsing.Effects;

namespace MlCluster.Inference.Tests.Rehearsing.Effects;

public sealed class OperatorEffectsTests
{
    /// <summary>Operators that no archive reaches: of other nodes, refused ones, and those that change no value.
    /// </summary>
    private static readonly HashSet<string> Beside =
    [
        "manual_seed", "seed", "record_stream", "retain_grad", "update",
        "all_to_all_vdev", "all_to_all_vdev_2d", "all_to_all_vdev_2d_offset", "multi_root_tile_reduce",
        "multimem_all_gather_out", "multimem_one_shot_all_reduce_out", "multimem_one_shot_reduce_out",
        "nvshmem_all_to_all", "nvshmem_broadcast", "nvshmem_get", "nvshmem_put", "one_shot_all_reduce_copy_out",
        "one_shot_all_reduce_out", "reduce_scatter_out", "tile_reduce", "two_shot_all_reduce_out",
    ];

    private static readonly List<OperatorSchema> Schemas =
        OperatorSchemas.OfLibrary(Path.Combine(AppContext.BaseDirectory, "libtorch_cpu.so"));

    [Fact]
    public void Result_SchemaGivesAnAlias_IsKnown()
    {
        var aliases = Schemas.Where(schema => schema.GivesAlias).Select(schema => schema.Name).Distinct().ToList();

        var unknown = aliases.FindAll(name => !OperatorEffects.Result("aten", name, [[0]]).Contains(0));
        Assert.True(aliases.Count > 80, $"{aliases.Count} operators were found");
        Assert.Empty(unknown);
    }

    [Fact]
    public void Written_SchemaMarksArguments_AreKnown()
    {
        var writers = Schemas.Where(schema => schema.Written.Any() && !Beside.Contains(schema.Name)).ToList();

        var unknown = writers.FindAll(schema => !IsKnown(schema)).ConvertAll(schema => schema.Name);
        Assert.True(writers.Count > 1000, $"{writers.Count} operators were found");
        Assert.Empty(unknown);
    }

    private static bool IsKnown(OperatorSchema schema)
    {
        var places = Enumerable.Range(0, schema.Arguments.Count)
            .Where(place => schema.Arguments[place] != "*").ToList();
        var arguments = places.ConvertAll(
            place => new CodeArgument(schema.NameAt(place), new NameExpression($"a{place}")));
        var written = OperatorEffects.Written(schema.Name, arguments).ToHashSet();
        return schema.Written.All(place => written.Contains(arguments[places.IndexOf(place)]));
    }
}
