using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>Which outputs an answer has, and how (contract 5.1).</summary>
internal sealed record ResultFilter(
    bool ReturnNumber = true, bool ReturnBytes = false, List<string>? Names = null, List<int>? Positions = null)
{
    /// <summary>Reads the object at the reader.</summary>
    public static ResultFilter Parse(ref JsonPull json)
    {
        var filter = new ResultFilter();
        json.BeginObject();
        while (json.NextField(out var name))
        {
            filter = filter.Read(name, ref json);
        }

        return filter;
    }

    /// <summary>Takes a field that is of a filter; passes over others.</summary>
    public ResultFilter Read(string name, ref JsonPull json)
    {
        switch (name)
        {
            case "return_number":
                return this with { ReturnNumber = json.Boolean() };
            case "return_bytes":
                return this with { ReturnBytes = json.Boolean() };
            case "target_response":
                return this with { Names = json.Texts() };
            case "target_response_positions":
                return this with { Positions = json.Integers() };
            default:
                json.Skip();
                return this;
        }
    }

    // An empty list filters nothing.
    public PredictBody Apply(IReadOnlyList<string> texts) => new(
        texts, ReturnNumber, ReturnBytes,
            Names is { Count: > 0 } ? Names : null, Positions is { Count: > 0 } ? Positions : null);
}
