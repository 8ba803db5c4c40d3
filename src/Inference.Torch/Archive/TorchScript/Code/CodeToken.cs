namespace MlCluster.Inference.Archive.TorchScript.Code;

/// <summary>A piece of TorchScript source.</summary>
/// <param name="Kind">Identifiers and dots matter; the rest is there to end a chain of names.</param>
/// <param name="Text">An identifier's name; a string with its quotes; another token's character.</param>
/// <param name="StartsLine">It is the first token of its line.</param>
/// <param name="Line">From 1.</param>
/// <param name="IsIndented">Something blank stands before it on its line, or another token.</param>
internal readonly record struct CodeToken(
    CodeTokenKind Kind, string Text, bool StartsLine, int Line, bool IsIndented);

internal enum CodeTokenKind
{
    End,
    Identifier,
    Dot,
    String,
    Other,
}
