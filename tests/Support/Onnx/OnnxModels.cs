namespace MlCluster.Tests.Support.Onnx;

/// <summary>Small models for the tokenizer of <c>tests/archives</c>: each token id has a row of a table.</summary>
internal static class OnnxModels
{
    public const int Hidden = 4;

    private const int Tokens = 200;
    private const string Rows = "last_hidden_state";

    /// <summary>Number <paramref name="i"/> of a token's row.</summary>
    public static float At(long id, int i) => MathF.Sin((id * Hidden) + i);

    /// <summary><c>last_hidden_state [B, L, 4]</c>: the rows of the tokens.</summary>
    public static OnnxForge TokenRows(
        int type = OnnxForge.Int64, string ids = "input_ids", string mask = "attention_mask") =>
        Table(new OnnxForge().Input(ids, type, "b", "l").Input(mask, type, "b", "l"), ids, Rows)
            .Output(Rows, OnnxForge.Float, "b", "l", Hidden);

    /// <summary>The same of ids alone, under any name: exporters leave out a mask that the graph does not use.</summary>
    public static OnnxForge RowsOfIds(string ids) =>
        Table(new OnnxForge().Input(ids, OnnxForge.Int64, "b", "l"), ids, Rows)
            .Output(Rows, OnnxForge.Float, "b", "l", Hidden);

    /// <summary><see cref="TokenRows"/>, and what the type of a token adds: nothing for type 0.</summary>
    public static OnnxForge WithTypes() =>
        Table(
            new OnnxForge().Input("token_type_ids", OnnxForge.Int64, "b", "l")
                .Input("attention_mask", OnnxForge.Int64, "b", "l").Input("input_ids", OnnxForge.Int64, "b", "l"),
            "input_ids",
            "rows")
            .Floats("types", [2, Hidden], [0, 0, 0, 0, 9, 9, 9, 9])
            .Node("Gather", ["types", "token_type_ids"], ["added"])
            .Node("Add", ["rows", "added"], [Rows])
            .Output(Rows, OnnxForge.Float, "b", "l", Hidden);

    /// <summary><c>sentence_embedding [B, 4]</c>: the mean over all tokens, padding among them.</summary>
    public static OnnxForge PooledInGraph() =>
        Table(Inputs(), "input_ids", "rows")
            .Node(
                "ReduceMean",
                ["rows"],
                ["sentence_embedding"],
                "",
                OnnxForge.Integers("axes", 1),
                OnnxForge.Integer("keepdims", 0))
            .Output("sentence_embedding", OnnxForge.Float, "b", Hidden);

    /// <summary>Takes one row and no more.</summary>
    public static OnnxForge OneRow() =>
        Table(
            new OnnxForge().Input("input_ids", OnnxForge.Int64, 1, "l")
                .Input("attention_mask", OnnxForge.Int64, 1, "l"),
            "input_ids",
            Rows)
            .Output(Rows, OnnxForge.Float, 1, "l", Hidden);

    /// <summary>Another answer each time.</summary>
    public static OnnxForge RandomNumbers() =>
        Table(Inputs(), "input_ids", "rows")
            .Node("RandomUniformLike", ["rows"], ["noise"])
            .Node("Add", ["rows", "noise"], [Rows])
            .Output(Rows, OnnxForge.Float, "b", "l", Hidden);

    /// <summary>A loop whose condition stays true.</summary>
    public static OnnxForge NeverReturns()
    {
        var body = new OnnxForge()
            .Input("i", OnnxForge.Int64).Input("go", OnnxForge.Truth).Input("x", OnnxForge.Float)
            .Node("Identity", ["go"], ["goes_on"]).Node("Identity", ["x"], ["y"])
            .Output("goes_on", OnnxForge.Truth).Output("y", OnnxForge.Float);
        return Table(Inputs(), "input_ids", "rows")
            .Bool("always", true)
            .Node("ReduceMean", ["rows"], ["start"], "", OnnxForge.Integer("keepdims", 0))
            .Node("Loop", ["", "always", "start"], ["end"], "", OnnxForge.SubGraph("body", body))
            .Node("Add", ["rows", "end"], [Rows])
            .Output(Rows, OnnxForge.Float, "b", "l", Hidden);
    }

    /// <summary>An operator of a library that is not there.</summary>
    public static OnnxForge CustomOperator() =>
        Table(Inputs(), "input_ids", "rows")
            .Node("Odd", ["rows"], [Rows], "odd.ops")
            .Output(Rows, OnnxForge.Float, "b", "l", Hidden);

    /// <summary>A table whose numbers lie in another file.</summary>
    public static OnnxForge ExternalData(string location)
    {
        var table = OnnxForge.Tensor("table", OnnxForge.Float, [Tokens, Hidden])
            .Message(13, new WireForge().Text(1, "location").Text(2, location)).Number(14, 1);
        return Inputs().Initializer(table)
            .Node("Gather", ["table", "input_ids"], [Rows])
            .Output(Rows, OnnxForge.Float, "b", "l", Hidden);
    }

    private static OnnxForge Inputs() => new OnnxForge()
        .Input("input_ids", OnnxForge.Int64, "b", "l").Input("attention_mask", OnnxForge.Int64, "b", "l");

    private static OnnxForge Table(OnnxForge graph, string ids, string rows) => graph
        .Floats(
            "table",
            [Tokens, Hidden],
            [.. Enumerable.Range(0, Tokens * Hidden).Select(n => At(n / Hidden, n % Hidden))])
        .Node("Gather", ["table", ids], [rows]);
}
