using MlCluster.Messages;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Takes a request through the rules that hold for every endpoint (contract 1) and answers it.</summary>
internal sealed class RestFrame(
    RouteTable routes,
    GatewayOptions options,
    BodyMemory bodies,
    RequestTelemetry telemetry,
    ILogger<RestFrame> log)
{
    /// <summary>Answers one request, whatever it is.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var began = telemetry.Begin();
        using var span = RequestSpan.Start(http);
        string? route = null;
        var common = CommonParameters.Default;
        try
        {
            OpaqueId.Echo(http);
            var target = RequestTarget.Of(http);
            HeadLimits.Check(http.Request, target.Uri, options);
            var query = QueryParameters.Parse(target.Query);
            var match = routes.Find(http.Request.Method, target.Segments);
            route = match.Endpoint?.Path;
            if (match.Endpoint is null)
            {
                CloseIfBodyIsOpen(http, error: null);
                await AnswerUnmatched(http.Request.Method, target, match).SendAsync(http, common);
                return;
            }

            common = CommonParameters.Read(query, match.Endpoint.TextAnswers);
            await HandleAsync(new ApiCall(http, target, match.Template, query, default), match.Endpoint, common);
        }
        catch (Exception e)
        {
            await AnswerFailureAsync(http, common, e);
        }
        finally
        {
            telemetry.End(http, route, span, began);
        }
    }

    /// <summary>Sends a client elsewhere: this gateway stops.</summary>
    public static async Task RefuseAsync(HttpContext http)
    {
        var error = ErrorMapping.Of(new ProtocolError(
            ErrorCode.Unavailable, "this gateway is stopping; retry later, or elsewhere"));
        await new ErrorAnswer(error, withTrace: false).SendAsync(http, CommonParameters.Default);
    }

    private async ValueTask HandleAsync(ApiCall call, ApiEndpoint endpoint, CommonParameters common)
    {
        ParameterCheck.Check(call.Target.Path, call.Query, endpoint.Parameters);
        using var lease = bodies.Lease();
        using var body = await TakeBodyAsync(call, endpoint, lease);
        var answer = await endpoint.Handler(body is null ? call : call with { Body = body.Written });
        await answer.SendAsync(call.Http, common);
    }

    private async ValueTask<PooledBuffer?> TakeBodyAsync(ApiCall call, ApiEndpoint endpoint, BodyLease lease)
    {
        var request = call.Http.Request;
        if (endpoint.Body == BodyRule.Raw)
        {
            if (request.ContentLength is not (null or 0))
            {
                MediaTypes.Check(request.ContentType, endpoint.Body);
            }

            return null;
        }

        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
        {
            CheckMissing(endpoint);
            return null;
        }

        return await ReadBodyAsync(call, endpoint, lease);
    }

    private async ValueTask<PooledBuffer?> ReadBodyAsync(ApiCall call, ApiEndpoint endpoint, BodyLease lease)
    {
        var request = call.Http.Request;
        if (endpoint.Body != BodyRule.None && request.ContentLength > 0)
        {
            MediaTypes.Check(request.ContentType, endpoint.Body);
        }

        var body = await BodyIntake.ReadAsync(request, options.MaxBodyBytes, lease, call.Cancelled);
        try
        {
            if (body.Written.IsEmpty)
            {
                CheckMissing(endpoint);
                return body;
            }

            MediaTypes.Check(request.ContentType, endpoint.Body);
            return endpoint.Body != BodyRule.None ? body : throw ApiError.IllegalArgument(
                $"request [{request.Method} {call.Target.Path}] does not support having a body").ToException();
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static void CheckMissing(ApiEndpoint endpoint)
    {
        if (endpoint.Body == BodyRule.Required)
        {
            throw endpoint.WithoutBody.ToException();
        }
    }

    private static ApiAnswer AnswerUnmatched(string method, RequestTarget target, RouteMatch match)
    {
        if (match.Allowed.Count == 0)
        {
            var text = $"no handler found for uri [{target.Uri}] and method [{method}]";
            return new ErrorAnswer(ApiError.Short(400, text) with { StatusInBody = false }, withTrace: false);
        }

        if (HttpMethods.IsOptions(method))
        {
            return new OptionsAnswer(match.Allowed);
        }

        var reason = $"Incorrect HTTP method for uri [{target.Uri}] and method [{method}], "
            + $"allowed: [{string.Join(", ", match.Allowed)}]";
        return new ErrorAnswer(ApiError.Short(405, reason) with { Allow = match.Allowed }, withTrace: false);
    }

    private async ValueTask AnswerFailureAsync(HttpContext http, CommonParameters common, Exception exception)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var error = exception is BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }
            ? SlowBody()
            : ErrorMapping.Of(exception);
        if (error is null)
        {
            log.LogError(
                exception, "Request {RequestId} {Method} {Path} failed; X-Opaque-Id {OpaqueId}, trace {TraceId}",
                    http.TraceIdentifier, http.Request.Method, http.Request.Path,
                    OpaqueId.Read(http) ?? "none",
                    RequestSpan.TraceIdOf(http) ?? "none");
            error = ErrorMapping.Fault(exception, http.TraceIdentifier);
        }

        if (http.Response.HasStarted)
        {
            // The client must not take a cut answer for a whole one.
            http.Abort();
            return;
        }

        CloseIfBodyIsOpen(http, error);
        await new ErrorAnswer(error, common.ErrorTrace).SendAsync(http, common);
    }

    // A client that waits for 100 Continue may send its next request where the server would look for this one's body;
    // one whose body is too large would have to send all of it first.
    private static void CloseIfBodyIsOpen(HttpContext http, ApiError? error)
    {
        if (error is { ClosesConnection: true } || http.Request.Headers.Expect.Count > 0)
        {
            http.Response.Headers.Connection = "close";
        }
    }

    private ApiError SlowBody() => ApiError.OfStatus(
        StatusCodes.Status408RequestTimeout,
        $"the request body came too slowly: less than {options.MinBodyBytesPerSecond} bytes a second for "
        + $"{options.SlowBodyGrace.TotalSeconds} s; send it faster or in smaller requests, or lower "
        + "mlcluster.gateway.slow-body.bytes-per-second");
}
