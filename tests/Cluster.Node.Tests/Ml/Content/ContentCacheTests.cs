using Microsoft.Extensions.Time.Testing;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.Content;

public sealed class ContentCacheTests : IDisposable
{
    private const string Sha = "aa11";
    private readonly TempFolder _data = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Find_AdoptedContent_GivesItsFiles()
    {
        var cache = Cache();
        Adopt(cache, Sha);

        var found = cache.Find(Sha);

        Assert.Equal("weights", File.ReadAllText(found!.ModelFile!));
        Assert.Equal("tokens", File.ReadAllText(found.TokenizerFile));
    }

    [Fact]
    public void Find_FileChangedSince_GivesNothing()
    {
        var cache = Cache();
        var content = Adopt(cache, Sha);
        File.WriteAllText(content.ModelFile!, "WEIGHTS");

        Assert.Null(cache.Find(Sha));
    }

    [Fact]
    public void Find_FileMissing_GivesNothing()
    {
        var cache = Cache();
        File.Delete(Adopt(cache, Sha).TokenizerFile);

        Assert.Null(cache.Find(Sha));
    }

    [Fact]
    public void Find_AfterRestart_GivesTheContent()
    {
        Adopt(Cache(), Sha);

        Assert.NotNull(Cache().Find(Sha));
    }

    [Fact]
    public void Ctor_LeftoversOfAKilledProcess_AreRemoved()
    {
        var leftover = Path.Combine(Cache().TempFolder, "half.zip");
        File.WriteAllText(leftover, "x");

        Cache();

        Assert.False(File.Exists(leftover));
    }

    [Theory]
    [InlineData("model.pt.callable-v1.0123456789abcdef0123456789abcdef.tmp")]
    [InlineData("model.pt.callable-v1-3.0123456789abcdef0123456789abcdef.tmp")]
    [InlineData("rehearsal-0011223344556677.json.new")]
    public void Ctor_HalfOfAFileBesideContent_IsRemoved(string name)
    {
        var folder = Adopt(Cache(), Sha).Folder;
        var half = Path.Combine(folder, name);
        var whole = Path.Combine(folder, "model.pt.callable-v1");
        File.WriteAllText(half, "x");
        File.WriteAllText(whole, "x");

        var found = Cache().Find(Sha);

        Assert.False(File.Exists(half));
        Assert.True(File.Exists(whole));
        Assert.NotNull(found);
    }

    [Fact]
    public void Adopt_ContentIsThere_ReplacesItAndLeavesNothing()
    {
        var cache = Cache();
        Adopt(cache, Sha);

        Adopt(cache, Sha);

        Assert.NotNull(cache.Find(Sha));
        Assert.Empty(Directory.GetFileSystemEntries(cache.TempFolder));
    }

    [Fact]
    public void Trim_OverTheLimit_KeepsWhatIsInUseAndTheYoungest()
    {
        var size = Directory.GetFiles(Adopt(Cache(), "used").Folder).Sum(f => new FileInfo(f).Length);
        var cache = Cache(maxBytes: 2 * size);
        foreach (var sha in new[] { "used", "old", "young" })
        {
            Adopt(cache, sha);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        using var use = cache.Use("used");
        cache.Trim();

        Assert.NotNull(cache.Find("used"));
        Assert.Null(cache.Find("old"));
        Assert.NotNull(cache.Find("young"));
        Assert.Empty(Directory.GetFileSystemEntries(cache.TempFolder));
    }

    [Fact]
    public void MakeRoom_DiskLacksBytes_RemovesTheLongestUnusedButNotWhatIsToBeKept()
    {
        var cache = Cache();
        foreach (var sha in new[] { "used", "kept", "old", "young" })
        {
            Adopt(cache, sha);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        using var use = cache.Use("used");
        cache.MakeRoom(1, kept: "kept");

        Assert.Null(cache.Find("old"));
        Assert.All(["used", "kept", "young"], sha => Assert.NotNull(cache.Find(sha)));
    }

    [Fact]
    public async Task EnterAsync_SameContentTwice_LetsOneInAtATime()
    {
        var cache = Cache();
        var first = await cache.EnterAsync(Sha, CancellationToken.None);

        var second = cache.EnterAsync(Sha, CancellationToken.None);
        Assert.False(second.IsCompleted);
        first.Dispose();

        (await second.WaitAsync(TimeSpan.FromSeconds(10))).Dispose();
    }

    private ContentCache Cache(long maxBytes = long.MaxValue) => new(_data.FullName, maxBytes, _time);

    private static CachedContent Adopt(ContentCache cache, string sha)
    {
        var folder = Directory.CreateDirectory(Path.Combine(cache.TempFolder, "unpacked-" + sha)).FullName;
        var model = Path.Combine(folder, "model.pt");
        var tokenizer = Path.Combine(folder, "tokenizer.json");
        File.WriteAllText(model, "weights");
        File.WriteAllText(tokenizer, "tokens");
        return cache.Adopt(sha, folder, model, tokenizer);
    }
}
