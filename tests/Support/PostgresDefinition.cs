namespace MlCluster.Tests.Support;

/// <summary>Tests that share one PostgreSQL server.</summary>
[Xunit.CollectionDefinition(PostgresFixture.Collection)]
public sealed class PostgresDefinition : Xunit.ICollectionFixture<PostgresFixture>;
