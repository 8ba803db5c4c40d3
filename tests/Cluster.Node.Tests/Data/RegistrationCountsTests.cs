using MlCluster.Messages.Models;
using MlCluster.Node.Data.Models;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Domain;

namespace MlCluster.Node.Tests.Data;

public sealed class RegistrationCountsTests : IDisposable
{
    private readonly NodeMetrics _metrics = new(Some.NodeA);
    private readonly ModelState _state = ModelState.Unknown with { Spec = Some.Spec };

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Note_BothWaysToRegister_AreRequests()
    {
        Note(new ModelRegistrationStarted(
            Some.Model, Some.Registration, Some.Spec, "http://x", null, null, Messages.Dialect.Current, 1));
        Note(new ModelMetaRegistered(Some.Model, Some.Spec, 1, null, Some.Hash, Messages.Dialect.Current, 1));

        Assert.Equal((2, 0), Counted());
    }

    [Fact]
    public void Note_FailedDownloadAndWrongContent_AreFailures()
    {
        Note(new ModelRegistrationFailed(Some.Model, "no such host", 1));
        Note(new ModelContentRefused(Some.Model, "wrong hash", 1));

        Assert.Equal((0, 2), Counted());
    }

    [Fact]
    public void Note_OtherEvents_AreNotCounted()
    {
        Note(new ModelDownloadStarted(Some.Model, 1, 1));

        Assert.Empty(_metrics.Read().Actions);
    }

    private void Note(IModelEvent e) => RegistrationCounts.Note([e], _state, _metrics);

    private (long Requests, long Failures) Counted()
    {
        var action = Assert.Single(_metrics.Read().Actions);
        Assert.Equal(("TEXT_EMBEDDING", Some.Model, "register"), (action.FunctionName, action.ModelId, action.Action));
        return (action.Requests, action.Failures);
    }
}
