namespace MlCluster.Tests.Support;

/// <summary>One server for the tests of a collection, started by the first that wants it.</summary>
public sealed class PostgresFixture : IDisposable
{
    /// <summary>Name of the xunit collection.</summary>
    public const string Collection = "postgresql";

    private readonly Lazy<PostgresServer> _server = new(PostgresServer.Start);

    /// <summary>Skips the test where there can be none.</summary>
    public PostgresServer Server
    {
        get
        {
            var missing = PostgresServer.Missing();
            Xunit.Skip.If(missing is not null, missing);
            return _server.Value;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_server.IsValueCreated)
        {
            _server.Value.Dispose();
        }
    }
}
