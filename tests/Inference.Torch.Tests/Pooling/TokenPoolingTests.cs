using CsCheck;
using MlCluster.Inference.Pooling;
using TorchSharp;

namespace MlCluster.Inference.Tests.Pooling;

public sealed class TokenPoolingTests
{
    private const int Hidden = 3;

    private static readonly Gen<PoolingMode> Modes = Gen.Enum<PoolingMode>().Where(mode => mode != PoolingMode.None);

    public TokenPoolingTests() => TorchRuntime.Start();

    [Fact]
    public void Pool_AnyBatch_GivesWhatTheFormulasSay() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 6], Modes, Gen.Int).Sample((rows, width, mode, seed) =>
        {
            using var scope = torch.NewDisposeScope();
            var random = new Random(seed);
            var lengths = Enumerable.Range(0, rows).Select(_ => random.Next(1, width + 1)).ToArray();
            var values = Enumerable.Range(0, rows * width * Hidden).Select(_ => random.NextSingle() - 0.5f).ToArray();

            var pooled = TokenPooling.Pool(Rows(values, rows, width), Mask(lengths, width), mode);

            var actual = pooled.data<float>().ToArray();
            var expected = Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(0, Hidden).Select(column =>
                Formula(mode, Column(values, width, row, lengths[row], column))));
            return expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max() < 1e-5;
        });

    [Theory]
    [InlineData(PoolingMode.Mean)]
    [InlineData(PoolingMode.MeanSqrtLen)]
    [InlineData(PoolingMode.Max)]
    [InlineData(PoolingMode.WeightedMean)]
    [InlineData(PoolingMode.Cls)]
    [InlineData(PoolingMode.LastToken)]
    public void Pool_PaddingIsNotANumber_DoesNotMatter(PoolingMode mode)
    {
        using var scope = torch.NewDisposeScope();
        float[] alone = [1, 2, 3, 4, 5, 6];
        float[] padded = [.. alone, float.NaN, float.PositiveInfinity, float.NaN];

        var pooled = TokenPooling.Pool(Rows(padded, 1, 3), Mask([2], 3), mode);

        var expected = TokenPooling.Pool(Rows(alone, 1, 2), Mask([2], 2), mode);
        Assert.Equal(expected.data<float>().ToArray(), pooled.data<float>().ToArray());
    }

    [Fact]
    public void Pool_HalfPrecision_GivesFloat32()
    {
        using var scope = torch.NewDisposeScope();
        var half = Rows([1, 2, 3, 3, 4, 5], 1, 2).to_type(torch.ScalarType.Float16);

        var pooled = TokenPooling.Pool(half, Mask([2], 2), PoolingMode.Mean);

        Assert.Equal([2f, 3f, 4f], pooled.data<float>().ToArray());
    }

    [Fact]
    public void Normalize_Rows_HaveLengthOne()
    {
        using var scope = torch.NewDisposeScope();

        var normal = TokenPooling.Normalize(torch.tensor(new float[,] { { 3, 4 }, { 0, 0 } }));

        Assert.Equal([0.6f, 0.8f, 0, 0], normal.data<float>().ToArray());
    }

    private static double Formula(PoolingMode mode, double[] column)
    {
        double WeightOf(int index) => index + 1;
        return mode switch
        {
            PoolingMode.Mean => column.Average(),
            PoolingMode.MeanSqrtLen => column.Sum() / Math.Sqrt(column.Length),
            PoolingMode.Max => column.Max(),
            PoolingMode.WeightedMean => column.Select((value, index) => value * WeightOf(index)).Sum()
                / column.Select((_, index) => WeightOf(index)).Sum(),
            PoolingMode.Cls => column[0],
            _ => column[^1],
        };
    }

    private static double[] Column(float[] values, int width, int row, int length, int column) =>
        [.. Enumerable.Range(0, length).Select(token => (double)values[(((row * width) + token) * Hidden) + column])];

    private static torch.Tensor Rows(float[] values, int rows, int width) =>
        torch.tensor(values).view(rows, width, Hidden);

    private static torch.Tensor Mask(int[] lengths, int width) => torch.tensor(
        lengths.SelectMany(length => Enumerable.Range(0, width).Select(i => i < length ? 1L : 0L)).ToArray())
        .view(lengths.Length, width);
}
