using MlCluster.Node.Tests.Data.Support;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>What models and tasks promise on every database, on the one of a node without a server.</summary>
public sealed class SqliteUrlUploadTests() : UrlUploadSpec(new SqliteDatabase());

/// <inheritdoc cref="SqliteUrlUploadTests"/>
public sealed class SqliteChunkUploadTests() : ChunkUploadSpec(new SqliteDatabase());

/// <inheritdoc cref="SqliteUrlUploadTests"/>
public sealed class SqliteDeploymentTests() : DeploymentSpec(new SqliteDatabase());

/// <inheritdoc cref="SqliteUrlUploadTests"/>
public sealed class SqliteSupervisionTests() : SupervisionSpec(new SqliteDatabase());

/// <inheritdoc cref="SqliteUrlUploadTests"/>
public sealed class SqliteStallTests() : StallSpec(new SqliteDatabase());
