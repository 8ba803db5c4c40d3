namespace MlCluster.Compose.Running;

/// <summary>Everything that a replica prints over all its processes: a file, and whoever listens.</summary>
internal sealed class ReplicaLog : IDisposable
{
    private const int TailLines = 20;

    private readonly string _name;
    private readonly Action<string, string> _onLine;
    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();
    private readonly List<(string Text, TaskCompletionSource Printed)> _awaited = [];
    private readonly StreamWriter _file;

    public ReplicaLog(string name, string path, Action<string, string> onLine)
    {
        (_name, Path, _onLine) = (name, path, onLine);
        var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        _file = new StreamWriter(file) { AutoFlush = true };
    }

    public string Path { get; }

    public void Write(string line)
    {
        lock (_gate)
        {
            _file.WriteLine(line);
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }

            foreach (var awaited in _awaited.Where(a => line.Contains(a.Text, StringComparison.Ordinal)).ToArray())
            {
                awaited.Printed.TrySetResult();
                _awaited.Remove(awaited);
            }
        }

        _onLine(_name, line);
    }

    /// <summary>Completes when a line holds the text; at once when one has.</summary>
    public Task PrintedAsync(string text)
    {
        lock (_gate)
        {
            if (HasPrinted(text))
            {
                return Task.CompletedTask;
            }

            var printed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, printed));
            return printed.Task;
        }
    }

    /// <summary>The last lines, for complaints.</summary>
    public string Tail()
    {
        lock (_gate)
        {
            return string.Join('\n', _tail);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private bool HasPrinted(string text) =>
        File.ReadLines(Path).Any(l => l.Contains(text, StringComparison.Ordinal));
}
