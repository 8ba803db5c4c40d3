using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Event;
using DotNetty.Codecs;
using DotNetty.Handlers.Tls;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace MlCluster.Node.Hosting.Tls;

/// <summary>Makes one line of the pages that the transport writes about one refused connection.</summary>
internal static partial class TransportLog
{
    private const string Handlers = "Akka.Remote.Transport.DotNetty.Tcp";
    private const string Rejected = "RemoteCertificateValidationCallback";

    /// <summary>True for what the transport says of single connections.</summary>
    public static bool Concerns(LogEvent entry) =>
        entry.LogClass.FullName is { } name
        && name.StartsWith(Handlers, StringComparison.Ordinal)
        && name.EndsWith("Handler", StringComparison.Ordinal);

    /// <summary>True for whatever remoting says.</summary>
    public static bool IsOfRemoting(LogEvent entry) =>
        entry.LogClass.FullName is { } name && name.StartsWith("Akka.Remote.", StringComparison.Ordinal);

    /// <summary>Writes the one line; nothing where another line has told it.</summary>
    public static void Write(LogEvent entry, LogLevel level, ILogger log)
    {
        if (LineOf($"{entry.Message}", entry.Cause) is { } line)
        {
            log.Log(level, "{Message}", line);
        }
    }

    /// <summary>What there is to say of a message and its cause; null: nothing more.</summary>
    public static string? LineOf(string message, Exception? cause)
    {
        var first = message.Split('\n')[0].TrimEnd();
        // Comes after a line with the cause.
        if (first.StartsWith("Rejected incoming connection", StringComparison.Ordinal))
        {
            return null;
        }

        var isHandshake = first.StartsWith("TLS handshake failed", StringComparison.Ordinal);
        return Innermost(cause) switch
        {
            NotSslRecordException when isHandshake => null,
            NotSslRecordException => $"TLS: connection [{Channel(first)}] refused: the caller speaks no TLS; "
                + "give that node --tls-cert and --tls-ca, or keep it away",
            TooLongFrameException tooLong when IsTls(tooLong) =>
                $"TLS: connection [{Channel(first)}] refused: the caller speaks TLS and this node does not; "
                + "give it --tls-cert and --tls-ca, or keep the caller away",
            // PeerCheck has said why.
            { } inner when isHandshake && inner.Message.Contains(Rejected, StringComparison.Ordinal) => null,
            { } inner when isHandshake => $"TLS: connection [{Channel(first)}] failed: {inner.Message}",
            { } inner => $"{first}: {inner.Message}",
            null => first,
        };
    }

    // The length of a frame is its first four bytes, the lowest first; a TLS record begins with 22 and 3.
    private static bool IsTls(TooLongFrameException exception) =>
        Digits().Matches(exception.Message) is [_, { } found, ..]
        && long.Parse(found.Value, CultureInfo.InvariantCulture) - sizeof(int) is var begin
        && (begin & 0xFFFF) == 0x0316;

    private static Exception? Innermost(Exception? cause) => cause is null or NotSslRecordException
        ? cause
        : cause.InnerException is { } inner ? Innermost(inner) : cause;

    private static string Channel(string line) => Addresses().Match(line) is { Success: true } match
        ? match.Groups["channel"].Value
        : line;

    [GeneratedRegex("[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Digits();

    [GeneratedRegex(@"\[(?<channel>\S+->\S+)\]\(Id=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Addresses();
}
