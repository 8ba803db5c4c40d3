using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Tests.Hosting;

/// <summary>Lines of the log as text.</summary>
public class TextLogFormatterTests
{
    [Theory]
    [InlineData("plain text, größe, 模型, 🙂", "plain text, größe, 模型, 🙂")]
    [InlineData("\u001b[31mred\u001b[0m\rcr", @"\u001b[31mred\u001b[0m\u000dcr")]
    [InlineData("nul \0 tab \t del \u007f c1 \u009b31m", @"nul \u0000 tab \u0009 del \u007f c1 \u009b31m")]
    [InlineData("two\nlines", "two lines")]
    [InlineData("\u202eright\u2066\u200f\u2028\ufeff", @"\u202eright\u2066\u200f\u2028\ufeff")]
    [InlineData("\U000E0041 tag", @"\udb40\udc41 tag")]
    public void Escape_WhatATerminalTakesForACommand_IsVisible(string text, string expected) =>
        Assert.Equal(expected, LogText.Escape(text));

    [Fact]
    public void Escape_HalfACharacter_IsVisible() => Assert.Equal(@"a\ud83d", LogText.Escape("a" + '\ud83d'));

    [Fact]
    public void Write_MessageAndCause_AreOneHarmlessLine()
    {
        var formatter = new TextLogFormatter(
            new Fixed(new ConsoleFormatterOptions { TimestampFormat = "HH:mm " }),
            new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        using var line = new StringWriter();

        formatter.Write(
            new LogEntry<string>(
                LogLevel.Warning, "A.B", new EventId(7), "ids \u001b[2J", new FormatException("odd \r\u009b"), (s, _) => s),
            scopeProvider: null,
            line);

        Assert.Equal(
            @"03:04 warn: A.B[7] ids \u001b[2J System.FormatException: odd \u000d\u009b" + "\n", line.ToString());
    }

    private sealed class Fixed(ConsoleFormatterOptions options) : IOptionsMonitor<ConsoleFormatterOptions>
    {
        public ConsoleFormatterOptions CurrentValue => options;

        public ConsoleFormatterOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<ConsoleFormatterOptions, string?> listener) => null;
    }
}
