namespace MlCluster.Inference.Functions;

/// <summary>One sequence of tokens: a row of a forward.</summary>
/// <param name="Ids">Token ids, <c>[Length]</c>.</param>
internal sealed record TokenRow(int[] Ids)
{
    /// <summary>What the model takes beside ids and mask, in the order of its parameters.</summary>
    public IReadOnlyList<TokenColumn> Columns { get; init; } = [];

    /// <summary>Tokens.</summary>
    public int Length => Ids.Length;
}

/// <summary>A further input of a model.</summary>
/// <param name="Values">One a token, <c>[Length]</c>.</param>
/// <param name="Pad">Fills shorter rows.</param>
internal sealed record TokenColumn(int[] Values, int Pad);

/// <summary>What a model gave for a row.</summary>
internal sealed record RowAnswer(TokenRow Row, DocumentOutput Output);
