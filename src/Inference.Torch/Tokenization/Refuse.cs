using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MlCluster.Inference.Tokenization;

/// <summary>Refuses a tokenizer.json, with the reason.</summary>
internal static class Refuse
{
    /// <summary>Throws unless a condition holds; the reason is put together only then.</summary>
    /// <exception cref="ModelFormatException">The condition does not hold.</exception>
    public static void Unless(
        [DoesNotReturnIf(false)] bool condition,
        [InterpolatedStringHandlerArgument(nameof(condition))] ref Reason reason)
    {
        if (!condition)
        {
            throw Because(reason.ToString());
        }
    }

    /// <summary>The exception to throw.</summary>
    public static ModelFormatException Because(string reason, Exception? cause = null) =>
        new($"tokenizer.json: {reason}", cause);

    /// <summary>An interpolated text that costs nothing where the condition holds.</summary>
    [InterpolatedStringHandler]
    internal ref struct Reason
    {
        private DefaultInterpolatedStringHandler _text;

        public Reason(int literalLength, int formattedCount, bool condition, out bool isNeeded)
        {
            isNeeded = !condition;
            _text = isNeeded
                ? new(literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture)
                : default;
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
