using System.Globalization;
using System.Text.Json.Nodes;
using MlCluster.Messages;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.OpenApi;

/// <summary>One route as an operation of an OpenAPI document.</summary>
internal static class OpenApiOperation
{
    /// <summary>Group of routes that nobody has described.</summary>
    public const string UndescribedTag = "Undescribed";

    private const string FirstGeneration =
        "The path of OpenSearch 2.4 to 2.6: task and model answer in the words of that time, such as `UPLOAD_MODEL` "
        + "and `LOADED`.";

    // What the frame itself can say of any request.
    private static readonly int[] FrameErrors = [400, 406, 500, 503];
    private static readonly int[] BodyErrors = [408, 413, 429];

    /// <summary>Makes the operation.</summary>
    public static JsonObject Of(DescribedRoute route)
    {
        var about = route.Description
            ?? new RouteDescription($"{route.Method} {route.Path}", UndescribedTag, $"{route.Method} {route.Path}");
        var operation = new JsonObject
        {
            ["operationId"] = about.Id,
            ["tags"] = new JsonArray(about.Tag),
            ["summary"] = about.Summary,
        };
        Set(operation, "description", DetailsOf(about));
        Set(operation, "parameters", ParametersOf(route));
        Set(operation, "requestBody", BodyOf(route, about));
        operation["responses"] = ResponsesOf(route, about);
        if (about.AlwaysRefuses)
        {
            operation["deprecated"] = true;
        }

        return operation;
    }

    private static void Set(JsonObject operation, string name, JsonNode? value)
    {
        if (value is not null)
        {
            operation[name] = value;
        }
    }

    private static JsonValue? DetailsOf(RouteDescription about)
    {
        string?[] parts = [about.Details, about.Generation == Dialect.Legacy ? FirstGeneration : null];
        var text = string.Join("\n\n", parts.OfType<string>());
        return text.Length == 0 ? null : JsonValue.Create(text);
    }

    // Common and path parameters could stand at the path, but Swagger UI does not follow references there.
    private static JsonArray? ParametersOf(DescribedRoute route)
    {
        var common = route.IsFramed ? CommonParameters.Names : [];
        JsonObject[] parameters =
        [
            .. route.Placeholders.Select(p => $"path.{p}")
                .Concat(route.Parameters.Concat(common).Select(p => $"query.{p}"))
                .Select(p => OpenApiDocument.Reference("parameters", p)),
        ];
        return parameters.Length == 0 ? null : new JsonArray(parameters);
    }

    private static JsonObject? BodyOf(DescribedRoute route, RouteDescription about) => route.Body == BodyRule.None
        ? null
        : new JsonObject
        {
            ["required"] = route.Body != BodyRule.Optional,
            ["content"] = new JsonObject { ["application/json"] = Content(about.Request) },
        };

    private static JsonObject ResponsesOf(DescribedRoute route, RouteDescription about)
    {
        var responses = new JsonObject();
        if (!about.AlwaysRefuses)
        {
            responses["200"] = AnswerOf(route, about, "What was asked for.");
        }

        foreach (var status in about.AlsoAnswers)
        {
            responses[Key(status)] = AnswerOf(route, about, "The same document; the status says that it is no success.");
        }

        foreach (var status in ErrorsOf(route, about).Except(about.AlsoAnswers).Order())
        {
            responses[Key(status)] = OpenApiDocument.Reference("responses", Key(status));
        }

        return responses;
    }

    private static IEnumerable<int> ErrorsOf(DescribedRoute route, RouteDescription about)
    {
        var ofFrame = route.IsFramed ? FrameErrors : [];
        var ofBody = route.Body == BodyRule.None ? [] : BodyErrors;
        return about.Errors.Union(ofFrame).Union(ofBody);
    }

    private static JsonObject AnswerOf(DescribedRoute route, RouteDescription about, string description)
    {
        var answer = new JsonObject { ["description"] = description };
        var content = new JsonObject();
        if (about.AnswersText)
        {
            content["text/plain"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        }

        if (about.Answer is not null)
        {
            content["application/json"] = Content(about.Answer);
        }

        if (content.Count > 0 && route.Method != HttpMethods.Head)
        {
            answer["content"] = content;
        }

        return answer;
    }

    private static JsonObject Content(string? schema) => new()
    {
        ["schema"] = schema is null
            ? new JsonObject { ["type"] = "object" }
            : OpenApiDocument.Reference("schemas", schema),
    };

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);
}
