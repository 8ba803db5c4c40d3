using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Configuration.Hocon;

namespace MlCluster.Node.Hosting.Settings;

/// <summary>What may stand behind a key; known by the value that our own files give it.</summary>
/// <param name="Expected">Told to whoever gave something else.</param>
/// <param name="Accepts">Judges a value; may throw what Akka's readers throw.</param>
internal sealed partial record SettingKind(string Expected, Func<HoconValue, bool> Accepts)
{
    private static readonly SettingKind Duration = new(
        "a time above zero such as 500ms, 10s or 24h", v => v.GetTimeSpan(allowInfinite: false) > TimeSpan.Zero);

    private static readonly SettingKind Size = new(
        "a size such as 512 KiB, 100 MiB or 5 GiB", v => v.IsString() && v.GetByteSize() >= 0);

    private static readonly SettingKind SizeOrOff = new(
        "a size such as 5 GiB, or -1", v => v.IsString() && v.GetByteSize() >= -1);

    private static readonly SettingKind Count = new("a whole number from 1", v => Number(v) >= 1);

    private static readonly SettingKind CountOrNone = new("a whole number from 0", v => Number(v) >= 0);

    private static readonly SettingKind Truth = new("true or false", v => v.GetString() is "true" or "false");

    private static readonly SettingKind Text = new("a text", v => v.GetString() is { Length: > 0 });

    private static readonly SettingKind TextOrNone = new("a text or \"\"", v => v.GetString() is not null);

    private static readonly SettingKind Factor = new("a number above zero such as 0.85", v => Fraction(v) > 0);

    private static readonly SettingKind Expression = new(
        "a regular expression", v => v.IsString() && IsExpression(v.GetString()));

    // Zero means "one a core", "keep none" and the like; elsewhere the node would stand still.
    private static readonly HashSet<string> ZeroIsMeant = new(StringComparer.Ordinal)
    {
        "mlcluster.data.uploads.retained-buffers",
        "mlcluster.ml.max-models",
        "mlcluster.ml.rehearsal.memory-per-file-byte",
        "mlcluster.ml.serving.workers",
    };

    private const string CanBeOff = "mlcluster.disk-free-space-threshold";

    /// <summary>The kind of a key of ours.</summary>
    /// <param name="key">Path of the key.</param>
    /// <param name="shipped">Its value in our own files.</param>
    public static SettingKind Of(string key, HoconValue shipped) =>
        shipped.IsArray() ? ListOf(Of(key, shipped.GetArray()[0])) : OfText(key, shipped.GetString());

    /// <summary>Whether the value is of this kind.</summary>
    public bool Fits(HoconValue value)
    {
        try
        {
            return Accepts(value);
        }
        catch (Exception e)
            when (e is FormatException or OverflowException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static SettingKind OfText(string key, string shipped) => shipped switch
    {
        _ when key.EndsWith("-regex", StringComparison.Ordinal) => Expression,
        "true" or "false" => Truth,
        "" => TextOrNone,
        _ when Decimal().IsMatch(shipped) => Factor,
        _ when WholeNumber().IsMatch(shipped) => ZeroIsMeant.Contains(key) ? CountOrNone : Count,
        _ when Time().IsMatch(shipped) => Duration,
        _ when Bytes().IsMatch(shipped) => key == CanBeOff ? SizeOrOff : Size,
        _ => Text,
    };

    private static SettingKind ListOf(SettingKind item) => new(
        $"a list, each {item.Expected}", v => HoconTree.IsList(v) && v.GetArray().All(item.Accepts));

    private static bool IsExpression(string text) =>
        new Regex(text, RegexOptions.None, TimeSpan.FromSeconds(1)).ToString() == text;

    private static long Number(HoconValue value) =>
        int.Parse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static double Fraction(HoconValue value) =>
        double.Parse(value.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A[0-9]+\.[0-9]+\z", RegexOptions.None, 1000)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"\A[0-9]+\z", RegexOptions.None, 1000)]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"\A[0-9]+(?:ms|s|m|h|d)\z", RegexOptions.None, 1000)]
    private static partial Regex Time();

    [GeneratedRegex(@"\A[0-9]+ (?:[KMGT]i?B|B)\z", RegexOptions.None, 1000)]
    private static partial Regex Bytes();
}
