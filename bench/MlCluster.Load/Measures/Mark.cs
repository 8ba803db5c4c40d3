namespace MlCluster.Load.Measures;

/// <summary>One number that has a limit.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">As measured.</param>
/// <param name="Limit">As wanted.</param>
/// <param name="AtLeast">True: the value must not be below the limit; false: not above.</param>
/// <param name="Detail">The numbers behind it.</param>
internal sealed record Mark(string Name, double Value, double Limit, bool AtLeast, string Detail)
{
    public bool IsMet => AtLeast ? Value >= Limit : Value <= Limit;
}

/// <summary>What a part of the measurement gives.</summary>
/// <param name="Title">Heading in the report.</param>
/// <param name="Marks">Numbers with limits.</param>
/// <param name="Table">Markdown; empty when the marks say all.</param>
internal sealed record MeasureResult(string Title, IReadOnlyList<Mark> Marks, string Table = "");
