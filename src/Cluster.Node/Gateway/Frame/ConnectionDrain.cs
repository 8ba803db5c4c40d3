namespace MlCluster.Node.Gateway.Frame;

/// <summary>
/// Before a gateway stops listening, it sends clients elsewhere: 503, and their connections close.
/// </summary>
/// <remarks>
/// A connection that waits for its next request is cut when the server stops; a client that sends one at that moment
/// cannot know whether it was taken, so it must not repeat it. The same goes for one that is just connecting. After a
/// 503 a client has somewhere else to go, and nobody is left to be cut.
/// </remarks>
internal sealed class ConnectionDrain(GatewayOptions options, TimeProvider time) : IHostedLifecycleService
{
    private volatile bool _stopping;

    /// <summary>New requests are to be answered 503.</summary>
    public bool IsStopping => _stopping;

    /// <summary>To be called for each request before it is answered.</summary>
    public void Apply(HttpResponse response)
    {
        if (_stopping)
        {
            response.Headers.Connection = "close";
        }
    }

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        return Task.Delay(options.CloseConnectionsFor, time, cancellationToken);
    }

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
