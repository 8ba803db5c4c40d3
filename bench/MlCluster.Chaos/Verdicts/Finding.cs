namespace MlCluster.Chaos.Verdicts;

/// <summary>In which way a promise was not kept.</summary>
internal enum FindingKind
{
    /// <summary>What was acknowledged is not there.</summary>
    Lost,

    /// <summary>It does not come to an end.</summary>
    Stuck,

    /// <summary>It is other than it was acknowledged.</summary>
    Wrong,
}

/// <summary>One promise that was not kept.</summary>
internal sealed record Finding(FindingKind Kind, string Text);
