using MlCluster.Messages.Models;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Tests.Support;

namespace MlCluster.Messages.Tests.Serialization;

/// <summary>
/// Bytes in journals live for ever. Golden/events.txt holds them: manifest, variant, hex. A line is never changed; an
/// event that changes gets a new manifest, and its old lines stay and stay readable. A hyphen stands for no bytes.
/// </summary>
public sealed class GoldenEventTests
{
    private static readonly GoldenLine[] Lines =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "events.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(GoldenLine.Parse),
    ];

    public static TheoryData<Type> Events => [.. Protocol.Types.Where(t => t.IsAssignableTo(typeof(IPersistedEvent)))];

    [Theory]
    [MemberData(nameof(Events))]
    public void ToBinary_PersistedEvent_HasGoldenBytes(Type type)
    {
        var missing = Variants(type).Where(line => !Lines.Contains(line)).ToArray();

        Assert.True(missing.Length == 0, "Bytes that no line of events.txt has:\n" + string.Join('\n', missing));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void FromBinary_GoldenBytes_GiveTheSameEvent(Type type)
    {
        foreach (var (variant, values) in Sources())
        {
            var golden = Lines.Single(line => line.Manifest == CodecTable.ByType[type].Manifest && line.Variant == variant);
            var read = Protocol.Serializer.FromBinary(Convert.FromHexString(golden.Hex), golden.Manifest);

            Assert.Equal(Structure.Of(new Filler(values).Make(type)), Structure.Of(read));
        }
    }

    // Members that came later are absent from the lines above, as they are from old journals.
    [Fact]
    public void ToBinary_MembersOfASpecThatCameLater_HaveGoldenBytes()
    {
        var updated = (ModelUpdated)new Filler(new FilledValues()).Make(typeof(ModelUpdated));
        var whole = updated with
        {
            Spec = updated.Spec with
            {
                IsEnabled = false,
                RateLimiter = new RateLimiter("4", RateUnit.Minutes),
                DeploySetting = new DeploySetting(true, 30),
                Interface = new ModelInterface("{}", "true"),
            },
        };

        AssertGolden("mw1", "later", whole);
    }

    // The first is as it was written when one command of each kind was remembered.
    [Fact]
    public void ToBinary_CommandsOfASnapshotThatCameLater_HaveGoldenBytes()
    {
        var filler = new Filler(new FilledValues());
        T Make<T>() => (T)filler.Make(typeof(T));
        var one = Make<ModelSnapshotTaken>() with { Updates = Make<SnapshotUpdates>() };
        var several = one with
        {
            Updates = one.Updates with
            {
                EarlierUpdates = [Make<CommandId>(), Make<CommandId>()],
                Controller = one.Updates.Controller! with { Earlier = [Make<SnapshotControllerCommand>()] },
            },
        };

        AssertGolden("ms1", "updated", one);
        AssertGolden("ms1", "later", several);
    }

    [Fact]
    public void FromBinary_EveryGoldenLine_IsReadable() =>
        Assert.All(Lines, line => Assert.IsAssignableFrom<IPersistedEvent>(
            Protocol.Serializer.FromBinary(Convert.FromHexString(line.Hex), line.Manifest)));

    private static void AssertGolden(string manifest, string variant, object stored)
    {
        var golden = Lines.Single(line => line.Manifest == manifest && line.Variant == variant);

        Assert.Equal(golden.Hex, Convert.ToHexStringLower(Protocol.Serializer.ToBinary(stored)));
        var read = Protocol.Serializer.FromBinary(Convert.FromHexString(golden.Hex), manifest);
        Assert.Equal(Structure.Of(stored), Structure.Of(read));
    }

    private static IEnumerable<GoldenLine> Variants(Type type) =>
        Sources().Select(source =>
        {
            var message = new Filler(source.Values).Make(type);
            var hex = Convert.ToHexStringLower(Protocol.Serializer.ToBinary(message));
            return new GoldenLine(Protocol.Serializer.Manifest(message), source.Variant, hex);
        });

    private static IEnumerable<(string Variant, IValueSource Values)> Sources() =>
        [("bare", new BareValues()), ("filled", new FilledValues())];

    private sealed record GoldenLine(string Manifest, string Variant, string Hex)
    {
        public static GoldenLine Parse(string line) =>
            line.Split(' ') is [var manifest, var variant, var hex]
                ? new GoldenLine(manifest, variant, hex.Trim('-'))
                : throw new FormatException($"Not 'manifest variant hex': {line}");

        public override string ToString() => $"{Manifest} {Variant} {(Hex.Length == 0 ? "-" : Hex)}";
    }
}
