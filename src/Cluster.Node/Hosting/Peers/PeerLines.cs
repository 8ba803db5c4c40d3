using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;

namespace MlCluster.Node.Hosting.Peers;

/// <summary>Reads the lines that remoting and membership write about a peer that is lost: some of them every two
/// seconds, some with a stack.</summary>
internal static partial class PeerLines
{
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.Singleline;
    private const int TimeoutMilliseconds = 1000;
    private const string OfRemoting = "Akka.Remote.";
    private const string Endpoints = "/system/endpointManager/";

    /// <summary>What a line says of peers; null: it is about something else.</summary>
    /// <remarks>Empty: another line says the same.</remarks>
    public static IReadOnlyList<PeerWord>? Read(LogEvent entry) =>
        IsEcho(entry) ? [] : Read($"{entry.Message}");

    /// <summary>The same of a line's text.</summary>
    public static IReadOnlyList<PeerWord>? Read(string line)
    {
        if (Associations().Match(line) is { Success: true } failed)
        {
            return [new PeerLost(failed.Groups["peer"].Value, ReasonOf(failed.Groups["reason"].Value))];
        }

        // What is no fault of the connection is a fault of ours.
        if (Endpoint().Match(line) is { Success: true } broken)
        {
            var reason = broken.Groups["reason"].Value;
            return reason.StartsWith(OfRemoting, StringComparison.Ordinal)
                ? [new PeerLost(broken.Groups["peer"].Value, ReasonOf(reason))]
                : null;
        }

        return Membership().Match(line) is { Success: true } marked
            ? [.. Members().Matches(line, marked.Index).Select(m => WordOf(m.Groups["peer"].Value, marked))]
            : null;
    }

    // The supervisor of a connection throws what it has logged; the strategy logs it again, with a stack.
    private static bool IsEcho(LogEvent entry) =>
        entry.LogClass == typeof(OneForOneStrategy)
        && entry.LogSource.Contains(Endpoints, StringComparison.Ordinal)
        && entry.Cause?.GetType().FullName?.StartsWith(OfRemoting, StringComparison.Ordinal) == true;

    private static PeerWord WordOf(string peer, Match marked) =>
        marked.Groups["lost"].Success ? new PeerLost(peer, "it sends no heartbeats") : new PeerFound(peer);

    // "Namespace.SomeException: what\n   at …", or "what tcp://the.address:1"
    private static string ReasonOf(string text)
    {
        var what = ExceptionName().Replace(text.Split('\n')[0].Split("   at ")[0], "");
        return what.Split(" tcp://")[0].Split(" ssl.tcp://")[0].Trim() switch
        {
            "" or "Disassociated" => "the connection broke",
            var reason => reason,
        };
    }

    [GeneratedRegex(
        @"^(AssociationError \[[^\]]+\] (->|<-) (?<peer>akka\S+): Error \[(?<reason>.*?)\]( \[|\s*$)"
        + @"|Tried to associate with unreachable remote address \[(?<peer>[^\]]+)\]\..* Reason: \[(?<reason>.*?)\]"
        + @"|Association to \[(?<peer>[^\]]+)\] having UID \[[^\]]*\] is (?<reason>irrecoverably failed))",
        Options,
        TimeoutMilliseconds)]
    private static partial Regex Associations();

    [GeneratedRegex(
        @"^Association with remote system (?<peer>akka\S+) has failed; .* Reason is: \[(?<reason>.*?)\]",
        Options,
        TimeoutMilliseconds)]
    private static partial Regex Endpoint();

    [GeneratedRegex(
        @"^Cluster Node \[[^\]]+\] - Marking node\(s\) as ((?<lost>UNREACHABLE)|REACHABLE) ",
        Options,
        TimeoutMilliseconds)]
    private static partial Regex Membership();

    [GeneratedRegex(@"Member\(address = (?<peer>akka[^\s,]+)", Options, TimeoutMilliseconds)]
    private static partial Regex Members();

    [GeneratedRegex(@"^[\w.+]+Exception: ", Options, TimeoutMilliseconds)]
    private static partial Regex ExceptionName();
}
