using MlCluster.Node.Tests.Data.Support;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>What models and tasks promise on every database, on the one of a node without a server.</summary>
public sealed class SqliteUrlUploadTests() : UrlUploadSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests"/>
public sealed class SqlitePretrainedTests() : PretrainedSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests"/>
public sealed class SqliteChunkUploadTests() : ChunkUploadSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests"/>
public sealed class SqliteDeploymentTests() : DeploymentSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests"/>
public sealed class SqliteSupervisionTests() : SupervisionSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests"/>
public sealed class SqliteStallTests() : StallSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests" />
public sealed class SqliteOwnerDeathTests() : OwnerDeathSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests" />
public sealed class SqliteRepeatTests() : RepeatSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests" />
public sealed class SqliteReuseTests() : ReuseSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests" />
public sealed class SqliteRetentionTests() : RetentionSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests" />
public sealed class SqliteSnapshotTests() : SnapshotSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests" />
public sealed class SqliteFeedTests() : FeedSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests" />
public sealed class SqliteSettingsTests() : SettingsSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests" />
public sealed class SqliteSearchTests() : SearchSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests" />
public sealed class SqliteGroupTests() : GroupSpec(TestDatabase.Sqlite());

/// <inheritdoc cref="SqliteUrlUploadTests" />
public sealed class SqliteUpdateTests() : UpdateSpec(TestDatabase.Sqlite());
