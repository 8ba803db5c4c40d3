namespace MlCluster.Messages.Serialization;

/// <summary>
/// Every manifest of the protocol, once. A manifest is never reused: a retired one stays here as a comment.
/// Persisted events end in a version digit; a changed event is a new manifest beside the old one.
/// </summary>
internal static class Manifests
{
    public const int MaxLength = 3;

    public const string RegisterModel = "mrg";
    public const string RegisterModelMeta = "mrm";
    public const string PrepareChunk = "mpc";
    public const string DeployModel = "mdp";
    public const string UndeployModel = "mud";
    public const string DeleteModel = "mdl";
    public const string GetModel = "mgt";
    public const string ReconcileModel = "mrc";
    public const string ReportNodeDeployment = "mrn";

    public const string UpdateModel = "mup";
    public const string SaveController = "mcs";
    public const string GetController = "mcg";
    public const string DeleteController = "mcd";

    public const string ModelAccepted = "mac";
    public const string ModelRejected = "mrj";
    public const string ChunkWriterReady = "mcw";
    public const string ModelUndeployed = "mun";
    public const string ModelDeletedReply = "mde";
    public const string NodeReportAcknowledged = "mna";
    public const string ModelDocument = "mdo";
    public const string ModelUpdatedReply = "mur";
    public const string ControllerSavedReply = "mcv";
    public const string ControllerDocument = "mco";
    public const string ControllerDeletedReply = "mcx";

    public const string RegisterModelGroup = "grg";
    public const string UpdateModelGroup = "gup";
    public const string AssignVersion = "gav";
    public const string ConfirmGroupName = "gcf";
    public const string GetModelGroup = "ggt";
    public const string DeleteModelGroup = "gdl";

    public const string ModelGroupAccepted = "gac";
    public const string ModelGroupRejected = "grj";
    public const string VersionReply = "gvr";
    public const string NameConfirmation = "gnc";
    public const string ModelGroupDeletedReply = "gde";
    public const string ModelGroupDocument = "gdo";

    public const string ClaimGroupName = "ncl";
    public const string GroupNameHolder = "nho";
    public const string GroupNameRejected = "nrj";

    public const string ChunkSegment = "csg";
    public const string ChunkSegmentAcknowledged = "cak";
    public const string ChunkAccepted = "cac";

    public const string CreateTask = "tcr";
    public const string ReportProgress = "tpr";
    public const string RecordNodeOutcome = "tno";
    public const string FinishTask = "tfi";
    public const string GetTask = "tgt";
    public const string DeleteTask = "tdl";
    public const string SweepTask = "tsw";

    public const string TaskAccepted = "tac";
    public const string TaskRejected = "trj";
    public const string TaskDeletedReply = "tde";
    public const string TaskDocument = "tdo";

    public const string LoadModel = "llm";
    public const string UnloadModel = "lum";
    public const string ModelUnloaded = "lun";
    public const string ApplyServingRules = "lar";
    public const string ServingRulesApplied = "lra";

    public const string PredictRequest = "ipr";
    public const string CancelPredict = "icp";
    public const string Predicted = "ipd";
    public const string PredictRejected = "irj";

    public const string NodeDeployments = "rnd";

    public const string GetNodeProfile = "pgt";
    public const string NodeProfileReply = "prp";

    public const string GetNodeStatistics = "ngt";
    public const string NodeStatisticsReply = "nst";
    public const string ForgetModelStatistics = "nfm";

    public const string GetDeployments = "dgt";
    public const string DeploymentsReply = "drp";

    public const string ChangeSettings = "sch";
    public const string SettingsChanged = "scd";
    public const string SettingsRejected = "srj";
    public const string PublishedSettings = "spb";
    public const string SettingsTaken = "stk";

    public const string SearchDocuments = "sdo";
    public const string DocumentsFound = "sfo";
    public const string SearchRejected = "sfr";

    public const string ModelRegistrationStarted = "mr1";
    public const string ModelDownloadStarted = "ml1";
    public const string PretrainedModelFound = "mk1";
    public const string ModelMetaRegistered = "mm1";
    public const string ChunkStored = "mc1";
    public const string ModelRegistered = "mg1";
    public const string ModelContentRefused = "mx1";
    public const string ModelRegistrationFailed = "mf1";
    public const string TaskSettled = "mt1";
    public const string ModelDeleted = "me1";
    public const string ModelExpired = "mi1";
    public const string ModelPurged = "mq1";
    public const string ModelSnapshotTaken = "ms1";
    public const string ModelUpdated = "mw1";
    public const string ServingRulesSettled = "my1";
    public const string ControllerSaved = "mb1";
    public const string ControllerDeleted = "mh1";

    public const string DeploymentRequested = "md1";
    public const string DeploymentRefused = "mz1";
    public const string DeploymentPlanChanged = "mp1";
    public const string NodeDeploymentReported = "mn1";
    public const string NodeDeploymentLost = "mo1";
    public const string UndeploymentRequested = "mu1";
    public const string NodeUndeployed = "mv1";

    public const string TaskCreated = "tc1";
    public const string TaskModelKnown = "tm1";
    public const string TaskNodeFinished = "tn1";
    public const string TaskFinished = "tf1";
    public const string TaskDeleted = "td1";

    public const string ModelGroupRegistered = "gr1";
    public const string ModelGroupUpdated = "gu1";
    public const string VersionAssigned = "gv1";
    public const string GroupNameForgone = "gf1";
    public const string ModelGroupDeleted = "gd1";
    public const string ModelGroupSnapshotTaken = "gs1";
    public const string GroupNameClaimed = "nc1";

    public const string ClusterNamed = "cn1";
    public const string SettingsSaved = "cs1";
}
