using System.Text.RegularExpressions;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Tests.Gateway.Support;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Gateway;

/// <summary><c>docs/compatibility.md</c> leaves out no route and no setting.</summary>
public sealed partial class CompatibilityDocumentTests : IAsyncLifetime
{
    private const string ApiRoot = "_plugins/_ml/";

    private readonly GatewayHost _host = new();

    private readonly IReadOnlyList<string[]> _rows =
    [
        .. File.ReadLines(Path.Combine(TestArchives.Root(), "docs", "compatibility.md"))
            .Where(line => line.StartsWith('|'))
            .Select(line => CellBorder().Split(line)[1..^1].Select(cell => cell.Trim()).ToArray()),
    ];

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void EveryRoute_HasARow()
    {
        // Each method of a row goes with each of its paths.
        var told = _rows
            .Select(row => Code().Matches(row[0]).SelectMany(m => m.Groups["text"].Value.Split(' ')).ToLookup(IsMethod))
            .SelectMany(words => words[true].SelectMany(method => words[false].Select(path => (method, Short(path)))))
            .ToHashSet();

        Assert.All(_host.Endpoints, e => Assert.Contains((e.Method, Short(e.Path)), told));
    }

    [Fact]
    public void EverySetting_HasARowWithItsDefault()
    {
        var told = _rows.Where(row => row.Length == 3)
            .ToLookup(row => row[0].Trim('`'), row => row[1].Trim('`').Replace(@"\|", "|", StringComparison.Ordinal));

        Assert.All(SettingsCatalog.All, setting => Assert.Equal(
            setting.Default is "" or "[]" ? "empty" : setting.Default,
            Assert.Single(told[setting.Name[MlSettings.Prefix.Length..]])));
    }

    private static bool IsMethod(string word) => word.All(char.IsAsciiLetterUpper);

    // Names of placeholders are the document's own.
    private static string Short(string path)
    {
        var text = Placeholder().Replace(path.TrimStart('/'), "{}");
        return text.StartsWith(ApiRoot, StringComparison.Ordinal) ? text[ApiRoot.Length..] : text;
    }

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CellBorder();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
