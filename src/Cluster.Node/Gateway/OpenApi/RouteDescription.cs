using MlCluster.Messages;

namespace MlCluster.Node.Gateway.OpenApi;

/// <summary>What the API's document says of a route beside what the route table knows of it.</summary>
/// <param name="Id">Its <c>operationId</c>: the name of the call in OpenSearch's clients, where they have it.</param>
/// <param name="Tag">Its group on the page; <c>Parts/</c> describes the group.</param>
/// <param name="Summary">One line.</param>
internal sealed record RouteDescription(string Id, string Tag, string Summary)
{
    /// <summary>What one line does not hold, as Markdown; null: nothing.</summary>
    public string? Details { get; init; }

    /// <summary>Name of the body's schema in <c>Parts/</c>; null: any JSON object.</summary>
    public string? Request { get; init; }

    /// <summary>Name of the answer's schema in <c>Parts/</c>; null: the answer is no JSON.</summary>
    public string? Answer { get; init; }

    /// <summary>Statuses of refusals beside those that every route has, such as 404.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];

    /// <summary>Statuses beside 200 whose answer is the same document.</summary>
    public IReadOnlyList<int> AlsoAnswers { get; init; } = [];

    /// <summary>Generation of the path, where there are two; null: there is one.</summary>
    public Dialect? Generation { get; init; }

    /// <summary>True: text is an answer too.</summary>
    public bool AnswersText { get; init; }

    /// <summary>True: the route is there to say why it is of no use.</summary>
    public bool AlwaysRefuses { get; init; }
}
