namespace MlCluster.Load.Texts;

/// <summary>Texts of one kind; the same ones in every run.</summary>
/// <param name="Name">As the report prints it.</param>
/// <param name="Texts">In random order of lengths.</param>
internal sealed record TextSet(string Name, IReadOnlyList<string> Texts)
{
    private const int Seed = 20_260_101;

    // [CLS] and [SEP].
    private const int SpecialTokens = 2;

    /// <summary>4–16 tokens, all lengths as often.</summary>
    public static TextSet Short(int count) => Make("short", count, random => random.Next(4, 17));

    /// <summary>Log-normal, mean about 48 tokens, 4–232; the model's tokenizer cuts at 128.</summary>
    public static TextSet Mixed(int count) => Make("mixed", count, random =>
        (int)Math.Clamp(Math.Exp(3.626 + (0.7 * Normal(random))), 4, 232));

    /// <summary>120–128 tokens.</summary>
    public static TextSet Long(int count) => Make("long", count, random => random.Next(120, 129));

    private static TextSet Make(string name, int count, Func<Random, int> tokens)
    {
        var random = new Random(Seed);
        return new TextSet(name, [.. Enumerable.Range(0, count).Select(_ => Text(random, tokens(random)))]);
    }

    private static string Text(Random random, int tokens) => string.Join(
        ' ', Enumerable.Range(0, tokens - SpecialTokens).Select(_ => CommonWords.All[random.Next(CommonWords.All.Count)]));

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
