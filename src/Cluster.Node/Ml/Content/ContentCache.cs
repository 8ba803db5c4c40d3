using System.Collections.Concurrent;

namespace MlCluster.Node.Ml.Content;

/// <summary>The folder <c>{data}/models</c>: unpacked content by the SHA-256 of its archive.</summary>
/// <remarks>The process holds the data folder's lock, so nobody else writes here.</remarks>
internal sealed class ContentCache
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly Lock _usesGate = new();
    private readonly Lock _trimGate = new();
    private readonly string _root;
    private readonly long _maxBytes;
    private readonly TimeProvider _time;

    public ContentCache(string dataDirectory, long maxBytes, TimeProvider time)
    {
        _root = Path.Combine(dataDirectory, "models");
        _maxBytes = maxBytes;
        _time = time;
        TempFolder = Path.Combine(_root, "tmp");
        if (Directory.Exists(TempFolder))
        {
            // What a process that was killed has left behind.
            Directory.Delete(TempFolder, recursive: true);
        }

        Directory.CreateDirectory(TempFolder);
        RemoveHalves();
    }

    /// <summary>Where unfinished things lie; on the same file system as the cache, empty after a start.</summary>
    public string TempFolder { get; }

    /// <summary>Waits until nobody else prepares this content; two models may have the same.</summary>
    /// <returns>Disposed when the content is ready, or given up.</returns>
    public async Task<IDisposable> EnterAsync(string sha256, CancellationToken cancellationToken)
    {
        var gate = _gates.GetOrAdd(sha256, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        return new OnDispose(() => gate.Release());
    }

    /// <summary>Keeps content from being removed until the result is disposed.</summary>
    public IDisposable Use(string sha256)
    {
        lock (_usesGate)
        {
            _uses[sha256] = _uses.GetValueOrDefault(sha256) + 1;
        }

        return new OnDispose(() => EndUse(sha256));
    }

    /// <summary>Finds intact content and marks it as used now; null when it has to be fetched.</summary>
    public CachedContent? Find(string sha256)
    {
        var folder = FolderOf(sha256);
        if (ContentManifest.ReadIfIntact(folder) is not { } manifest)
        {
            return null;
        }

        Directory.SetLastWriteTimeUtc(folder, _time.GetUtcNow().UtcDateTime);
        return ContentAt(sha256, folder, manifest);
    }

    /// <summary>Takes unpacked content over from the temporary folder.</summary>
    public CachedContent Adopt(string sha256, string unpacked, string? modelFile, string tokenizerFile)
    {
        var manifest = ContentManifest.Write(unpacked, modelFile, tokenizerFile);
        var folder = FolderOf(sha256);
        if (Directory.Exists(folder))
        {
            Directory.Delete(MoveAway(folder), recursive: true);
        }

        Directory.Move(unpacked, folder);
        Directory.SetLastWriteTimeUtc(folder, _time.GetUtcNow().UtcDateTime);
        return ContentAt(sha256, folder, manifest);
    }

    /// <summary>Removes what the limit leaves no room for.</summary>
    /// <exception cref="IOException">A folder cannot be listed or removed; another time, then.</exception>
    public void Trim()
    {
        lock (_trimGate)
        {
            Remove(CacheEviction.Choose(List(), _maxBytes));
        }
    }

    /// <summary>Removes what nobody uses, the longest unused first, until so much is removed, or nothing is left.</summary>
    /// <param name="bytes">What the disk lacks.</param>
    /// <param name="kept">SHA-256 of content that stays, used or not.</param>
    /// <exception cref="IOException">A folder cannot be listed or removed.</exception>
    public void MakeRoom(long bytes, string kept)
    {
        lock (_trimGate)
        {
            var others = List().FindAll(e => e.Sha256 != kept);
            Remove(CacheEviction.Choose(others, others.Sum(e => e.SizeBytes) - bytes));
        }
    }

    private void Remove(IEnumerable<CacheEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (TakeOut(entry.Sha256) is { } folder)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Gives the folder's new place; null: it is in use by now.</summary>
    /// <remarks>Loads wait for that gate: a name changes behind it, files are removed in front of it.</remarks>
    private string? TakeOut(string sha256)
    {
        lock (_usesGate)
        {
            return _uses.ContainsKey(sha256) ? null : MoveAway(FolderOf(sha256));
        }
    }

    private bool IsUsed(string sha256)
    {
        lock (_usesGate)
        {
            return _uses.ContainsKey(sha256);
        }
    }

    /// <summary>Takes a folder out under a name that the next start removes, should this process end now.</summary>
    private string MoveAway(string folder)
    {
        var away = Path.Combine(TempFolder, $"{Guid.NewGuid():N}.old");
        Directory.Move(folder, away);
        return away;
    }

    /// <summary>Removes what a process that was killed was writing beside content: a model's copy, a report.</summary>
    private void RemoveHalves()
    {
        foreach (var file in new DirectoryInfo(_root).EnumerateDirectories()
            .SelectMany(static folder => folder.EnumerateFiles("*.tmp").Concat(folder.EnumerateFiles("*.new")))
            .ToList())
        {
            file.Delete();
        }
    }

    private List<CacheEntry> List() =>
    [
        .. new DirectoryInfo(_root).EnumerateDirectories()
            .Where(d => d.FullName != TempFolder)
            .Select(d => new CacheEntry(
                d.Name,
                d.EnumerateFiles("*", SearchOption.AllDirectories).Sum(SizeOf),
                d.LastWriteTimeUtc,
                IsUsed(d.Name))),
    ];

    private static long SizeOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // A rehearsal in this folder has renamed it since it was listed.
            return 0;
        }
    }

    private void EndUse(string sha256)
    {
        lock (_usesGate)
        {
            if (--_uses[sha256] == 0)
            {
                _uses.Remove(sha256);
            }
        }
    }

    private string FolderOf(string sha256) => Path.Combine(_root, sha256);

    private static CachedContent ContentAt(string sha256, string folder, ContentManifest manifest) =>
        new(
            sha256,
            folder,
            manifest.ModelFile is { } model ? Path.Combine(folder, model) : null,
            Path.Combine(folder, manifest.TokenizerFile));

    private sealed class OnDispose(Action action) : IDisposable
    {
        private Action? _action = action;

        public void Dispose() => Interlocked.Exchange(ref _action, null)?.Invoke();
    }
}
