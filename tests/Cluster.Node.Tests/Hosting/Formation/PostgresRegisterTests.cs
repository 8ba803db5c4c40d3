using MlCluster.Messages;
using MlCluster.Node.Hosting;
using MlCluster.Node.Hosting.Databases;
using MlCluster.Node.Hosting.Formation;
using MlCluster.Tests.Support;

namespace MlCluster.Node.Tests.Hosting.Formation;

/// <summary>At most one cluster uses a database.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class PostgresRegisterTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly RegisteredNode _a = Node("a:1", 1);
    private readonly RegisteredNode _b = Node("b:1", 2);

    [SkippableFact]
    public async Task Form_FirstCluster_TakesANumberThatItsMembersFind()
    {
        var register = await NewAsync(Long);
        Assert.Null(await register.EpochOfAsync([_a.Member, _b.Member], default));

        Assert.Equal(1, await register.FormAsync(_a, [_a.Member], default));

        Assert.Equal(1, await register.EpochOfAsync([_a.Member, _b.Member], default));
        Assert.Equal(["a:1"], await register.OthersAliveAsync(_b.NodeId, default));
        Assert.Empty(await register.OthersAliveAsync(_a.NodeId, default));
    }

    [SkippableFact]
    public async Task Form_BesideALivingCluster_IsRefused()
    {
        var register = await NewAsync(Long);
        await register.FormAsync(_a, [_a.Member], default);

        Assert.Null(await register.FormAsync(_b, [_b.Member], default));
        Assert.Equal(1, await register.BeatAsync(_a, 1, default));
    }

    [SkippableFact]
    public async Task Form_TwoAtOnce_OneGetsIt()
    {
        for (var round = 0; round < 10; round++)
        {
            var register = await NewAsync(Long);

            var formed = await Task.WhenAll(
                register.FormAsync(_a, [_a.Member], default), register.FormAsync(_b, [_b.Member], default));

            Assert.Single(formed, 1L);
            Assert.Single(formed, default(long?));
        }
    }

    [SkippableFact]
    public async Task Form_OthersAreSilent_TakesTheNextNumberAndTheyLearnIt()
    {
        var register = await NewAsync(TimeSpan.Zero);
        await register.FormAsync(_a, [_a.Member], default);

        Assert.Empty(await register.OthersAliveAsync(_b.NodeId, default));
        Assert.Equal(2, await register.FormAsync(_b, [_b.Member], default));

        Assert.Equal(2, await register.BeatAsync(_a, 1, default));
    }

    [SkippableFact]
    public async Task Form_ItsOwnFormerProcessWasAlive_IsNoOther()
    {
        var register = await NewAsync(Long);
        await register.FormAsync(_a, [_a.Member], default);
        var again = _a with { Member = new RegisteredMember("elsewhere:7", 3) };

        Assert.Equal(2, await register.FormAsync(again, [again.Member], default));
    }

    [SkippableFact]
    public async Task Leave_LastNode_LetsOthersFormAtOnceWithAHigherNumber()
    {
        var register = await NewAsync(Long);
        await register.FormAsync(_a, [_a.Member], default);

        await register.LeaveAsync(_a.NodeId, default);

        Assert.Equal(2, await register.FormAsync(_b, [_b.Member], default));
    }

    private static RegisteredNode Node(string address, int uid) => new(
        new NodeId($"{uid}"), new RegisteredMember(address, uid));

    private async Task<PostgresRegister> NewAsync(TimeSpan staleAfter)
    {
        var options = new NodeOptions { Database = DatabaseAddress.Parse(postgres.Server.NewDatabase()) };
        var database = JournalDatabase.Of(options, HoconFiles.Load(options));
        await database.PrepareAsync(ownsJournals: true, TimeProvider.System);
        return new PostgresRegister(database, new FormationSettings(TimeSpan.FromSeconds(5), staleAfter));
    }
}
