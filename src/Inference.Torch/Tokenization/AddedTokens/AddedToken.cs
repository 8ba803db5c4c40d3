namespace MlCluster.Inference.Tokenization.AddedTokens;

/// <summary>A token that is cut out of the text before the model sees it.</summary>
/// <param name="Content">The text it stands for.</param>
/// <param name="Normalized">Searched for in normalized text, itself normalized.</param>
/// <param name="SingleWord">Only where no word character touches it.</param>
/// <param name="StripLeft">Takes the white space before it along.</param>
/// <param name="StripRight">Takes the white space after it along.</param>
/// <param name="Special">A control token such as <c>[SEP]</c>.</param>
internal sealed record AddedToken(
    string Content, bool Normalized, bool SingleWord, bool StripLeft, bool StripRight, bool Special);
