using MlCluster.Node.Tests.Data.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>The specs on a PostgreSQL server.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class PostgresUrlUploadTests(PostgresFixture server) : UrlUploadSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresPretrainedTests(PostgresFixture server) : PretrainedSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresChunkUploadTests(PostgresFixture server) : ChunkUploadSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresDeploymentTests(PostgresFixture server) : DeploymentSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresSupervisionTests(PostgresFixture server) : SupervisionSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresStallTests(PostgresFixture server) : StallSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresOwnerDeathTests(PostgresFixture server) : OwnerDeathSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresRepeatTests(PostgresFixture server) : RepeatSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresReuseTests(PostgresFixture server) : ReuseSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresRetentionTests(PostgresFixture server) : RetentionSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresSnapshotTests(PostgresFixture server) : SnapshotSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresSettingsTests(PostgresFixture server) : SettingsSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresGroupTests(PostgresFixture server) : GroupSpec(TestDatabase.Postgres(server));

/// <inheritdoc cref="PostgresUrlUploadTests" />
[Collection(PostgresFixture.Collection)]
public sealed class PostgresUpdateTests(PostgresFixture server) : UpdateSpec(TestDatabase.Postgres(server));
