using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MlCluster.Load.Node;

/// <summary>
/// One keep-alive HTTP/1.1 connection with blocking calls. HttpClient costs about as much as the server's own work on a
/// short query and runs on the same cores, so it would be measured too.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    private readonly Socket _socket;
    private readonly MemoryStream _body = new();
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    public HttpConnection(Uri node)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.ReceiveTimeout = 120_000;
        _socket.Connect(node.Host, node.Port);
    }

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <returns>Status; <see cref="Body"/> holds the rest until the next call.</returns>
    public int Send(ReadOnlySpan<byte> request)
    {
        _socket.Send(request);
        _body.SetLength(0);
        var head = Encoding.ASCII.GetString(TakeUntil(HeadEnd));
        if (Header(head, "content-length") is { } length)
        {
            TakeBody(int.Parse(length, CultureInfo.InvariantCulture));
        }
        else
        {
            TakeChunks();
        }

        return int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
    }

    /// <summary>The last answer's body.</summary>
    public ReadOnlySpan<byte> Body => _body.GetBuffer().AsSpan(0, (int)_body.Length);

    public void Dispose()
    {
        _socket.Dispose();
        _body.Dispose();
    }

    private static string? Header(string head, string name)
    {
        foreach (var line in head.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon > 0 && line[..colon].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return line[(colon + 1)..].Trim().ToString();
            }
        }

        return null;
    }

    private void TakeChunks()
    {
        while (true)
        {
            var size = int.Parse(TakeUntil(LineEnd)[..^2], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            TakeBody(size);
            TakeUntil(LineEnd);
            if (size == 0)
            {
                return;
            }
        }
    }

    private void TakeBody(int length)
    {
        while (length > 0)
        {
            if (_start == _end)
            {
                Receive();
            }

            var taken = Math.Min(length, _end - _start);
            _body.Write(_buffer, _start, taken);
            _start += taken;
            length -= taken;
        }
    }

    private Span<byte> TakeUntil(byte[] mark)
    {
        int at;
        while ((at = _buffer.AsSpan(_start, _end - _start).IndexOf(mark)) < 0)
        {
            Receive();
        }

        var taken = _buffer.AsSpan(_start, at + mark.Length);
        _start += taken.Length;
        return taken;
    }

    private void Receive()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var read = _socket.Receive(_buffer.AsSpan(_end));
        _end += read > 0 ? read : throw new LoadException("the node closed the connection");
    }
}
