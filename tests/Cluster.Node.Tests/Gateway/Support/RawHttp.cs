using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace MlCluster.Node.Tests.Gateway.Support;

/// <summary>Sends what no client library would; a character is a byte.</summary>
internal static partial class RawHttp
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Sends the text and reads one answer, as far as its Content-Length says.</summary>
    public static async Task<string> ExchangeAsync(this GatewayHost host, string request)
    {
        using var client = new TcpClient();
        using var late = new CancellationTokenSource(Deadline);
        await client.ConnectAsync(host.Http.BaseAddress!.Host, host.Http.BaseAddress.Port, late.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), late.Token);
        var answer = "";
        var buffer = new byte[4096];
        while (!IsWhole(answer) && await stream.ReadAsync(buffer, late.Token) is > 0 and var read)
        {
            answer += Encoding.Latin1.GetString(buffer, 0, read);
        }

        return answer;
    }

    private static bool IsWhole(string answer)
    {
        var body = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return body > 4 && LengthPattern().Match(answer) is { Success: true } length
            && answer.Length - body >= int.Parse(length.Groups["n"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("Content-Length: (?<n>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LengthPattern();
}
