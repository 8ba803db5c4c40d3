namespace MlCluster.Messages.Tests.Support;

/// <summary>Where <see cref="Filler"/> takes its leaves from.</summary>
internal interface IValueSource
{
    /// <summary>Whether the next nullable member is null.</summary>
    bool NextIsNull();

    /// <summary>Length of the next list or dictionary.</summary>
    int NextCount();

    long NextNumber();

    double NextReal();

    string NextText();

    byte[] NextBytes();
}

/// <summary>Nulls, empties and zeros.</summary>
internal sealed class BareValues : IValueSource
{
    public bool NextIsNull() => true;

    public int NextCount() => 0;

    public long NextNumber() => 0;

    public double NextReal() => 0;

    public string NextText() => "";

    public byte[] NextBytes() => [];
}

/// <summary>Nothing null, every value another one, always the same ones: golden bytes rest on this.</summary>
internal sealed class FilledValues : IValueSource
{
    private int _next;

    public bool NextIsNull() => false;

    public int NextCount() => 2;

    public long NextNumber() => ++_next;

    public double NextReal() => ++_next + 0.25;

    public string NextText() => $"text-{++_next}-ü";

    public byte[] NextBytes() => [(byte)++_next, 0, 255];
}

/// <summary>Nothing null but everything empty or extreme: null and empty must not be mixed up.</summary>
internal sealed class EdgeValues : IValueSource
{
    private bool _low;

    public bool NextIsNull() => false;

    public int NextCount() => 1;

    public long NextNumber() => (_low = !_low) ? long.MinValue : long.MaxValue;

    public double NextReal() => (_low = !_low) ? double.NegativeInfinity : double.Epsilon;

    public string NextText() => "";

    public byte[] NextBytes() => [];
}

/// <summary>Anything, by seed.</summary>
internal sealed class RandomValues(int seed) : IValueSource
{
    private readonly Random _random = new(seed);

    public bool NextIsNull() => _random.Next(3) == 0;

    public int NextCount() => _random.Next(4);

    public long NextNumber() => _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64);

    public double NextReal() => (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-30, 30));

    // No lone surrogates: they are no text and UTF-8 cannot carry them.
    public string NextText() => string.Concat(Enumerable.Range(0, _random.Next(12)).Select(_ => NextRune().ToString()));

    public byte[] NextBytes()
    {
        var bytes = new byte[_random.Next(64)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private System.Text.Rune NextRune() =>
        System.Text.Rune.TryCreate(_random.Next(0x10FFFF), out var rune) ? rune : new System.Text.Rune('x');
}
