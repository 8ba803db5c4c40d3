using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Profiles;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Profile: where models are, how they are served, and which tasks run (contract 6).</summary>
internal sealed class ProfileEndpoints(ProfileCollector collector) : IEndpointSource
{
    private const string Root = "/_plugins/_ml/profile";

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        Profile(Root, "getProfile", _ => new ProfileQuery { AllModels = true, AllTasks = true }),
        Profile($"{Root}/models", "getProfileModels", _ => new ProfileQuery { AllModels = true }),
        Profile($"{Root}/models/{{ids}}", "getProfileModel", call => new ProfileQuery { ModelIds = Ids(call) }),
        Profile($"{Root}/tasks", "getProfileTasks", _ => new ProfileQuery { AllTasks = true }),
        Profile($"{Root}/tasks/{{ids}}", "getProfileTask", call => new ProfileQuery { TaskIds = Ids(call) }),
    ];

    private ApiEndpoint Profile(string path, string id, Func<ApiCall, ProfileQuery> fromPath) =>
        new("GET", path, call => GetAsync(call, fromPath))
        {
            Body = BodyRule.Optional,
            Parameters = ["view"],
            Description = new(id, "Profile", "Where models are, how they are served and how fast, and which tasks run")
            {
                Details = "With a body the path does not count.", Request = "ProfileQuery", Answer = "Profile",
            },
        };

    private async ValueTask<ApiAnswer> GetAsync(ApiCall call, Func<ApiCall, ProfileQuery> fromPath)
    {
        var byModel = call.Query.Get("view") switch
        {
            null or "" or "node" => false,
            "model" => true,
            var other => throw ApiError.IllegalArgument($"unknown view [{other}]; use node or model").ToException(),
        };
        var query = call.Body.IsEmpty ? fromPath(call) : ProfileQuery.Parse(call.Body.Span);
        var data = await collector.CollectAsync(query, call.Cancelled);
        return new JsonAnswer(json => ProfileWriter.Write(json, data, byModel));
    }

    private static string[] Ids(ApiCall call) =>
        call.Segment("{ids}").Split(',', StringSplitOptions.RemoveEmptyEntries);
}
