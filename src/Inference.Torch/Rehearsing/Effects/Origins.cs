namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>
/// Where a value may come from: parameters by their number, as they are, or inside a collection that is new.
/// </summary>
/// <remarks>
/// A number counts for what can be reached from the parameter too: its attributes, elements and views. One that is held
/// in a new list is kept as its complement: to add to that list writes nothing of the parameter.
/// </remarks>
internal static class Origins
{
    /// <summary>Constants of the code: all calls share them.</summary>
    public const int Constants = int.MaxValue;

    /// <summary>The value is made here.</summary>
    public static HashSet<int> None { get; } = [];

    /// <summary>Of a collection that the values are put into.</summary>
    public static IEnumerable<int> Held(IEnumerable<int> origins) => origins.Select(static o => o < 0 ? o : ~o);

    /// <summary>Of what is taken out of a value.</summary>
    public static IEnumerable<int> Opened(IEnumerable<int> origins) =>
        origins.SelectMany(static o => o < 0 ? new[] { o, ~o } : [o]);

    /// <summary>Parameters that a write into the value itself changes.</summary>
    public static IEnumerable<int> Itself(IEnumerable<int> origins) => origins.Where(static o => o >= 0);

    /// <summary>Parameters that a write into the value or into anything that it holds changes.</summary>
    public static IEnumerable<int> Reached(IEnumerable<int> origins) => origins.Select(static o => o < 0 ? ~o : o);
}
