using System.Text.RegularExpressions;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads the <c>pattern</c> of a component: <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
internal static class PatternReader
{
    /// <summary>How long one match may take where a pattern needs backtracking; texts have their own.</summary>
    public static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(250);

    /// <exception cref="ModelFormatException">The pattern is empty or broken.</exception>
    public static Regex Read(JsonPart part)
    {
        var text = part.TryGet("String", out var plain)
            ? Regex.Escape(plain.AsString())
            : part.Required("Regex").AsString();
        if (text.Length == 0)
        {
            throw Refuse.Because($"{part.Path} is empty");
        }

        try
        {
            return Compile(text);
        }
        catch (ArgumentException e)
        {
            throw Refuse.Because($"{part.Path} is no regular expression: {e.Message}", e);
        }
    }

    // Patterns come from users: linear time where the engine can, else a deadline.
    private static Regex Compile(string pattern)
    {
        const RegexOptions common = RegexOptions.CultureInvariant;
        try
        {
            return new Regex(pattern, common | RegexOptions.NonBacktracking, MatchTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, common, MatchTimeout);
        }
    }
}
