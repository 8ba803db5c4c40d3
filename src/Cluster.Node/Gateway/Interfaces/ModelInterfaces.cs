using System.Collections.Concurrent;
using System.Globalization;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Gateway.Endpoints;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Interfaces;

/// <summary>Holds predictions against the interfaces of their models (contract 5.3).</summary>
/// <remarks>
/// Nodes say which version of its interface a model has: in the routing, and with each answer, as the routing may lag
/// behind a change by a moment. A model without one costs a look-up.
/// </remarks>
internal sealed class ModelInterfaces(IClusterClient client, IClusterViewSource views, IClusterSettings settings)
{
    // Far more than a gateway serves at the same time; a schema that is not kept is read again.
    private const int MostKept = 200;

    private readonly ConcurrentDictionary<ModelId, ReadInterface> _kept = new();

    /// <summary>Holds a body against the input schema.</summary>
    /// <exception cref="ApiException">400: it does not fit.</exception>
    public async ValueTask<HeldRequest> CheckInputAsync(
        ModelId model, ReadOnlyMemory<byte> body, CancellationToken cancelled)
    {
        var version = VersionOf(views.Current, model);
        if (version == 0)
        {
            return new HeldRequest(model, body, 0);
        }

        var known = await FindAsync(model, version, cancelled);
        Check(model, "input", known.Input, body);
        return new HeldRequest(model, body, known.Version);
    }

    /// <summary>Holds an answer against the output schema; and the body once more where a node knew a newer one.
    /// </summary>
    /// <exception cref="ApiException">400: one does not fit.</exception>
    public async ValueTask CheckAnswerAsync(
        HeldRequest request, IReadOnlyList<Predicted> replies, PredictAnswer answer, CancellationToken cancelled)
    {
        var version = Math.Max(request.Version, replies.Max(r => r.InterfaceVersion));
        if (version == 0)
        {
            return;
        }

        var known = await FindAsync(request.Model, version, cancelled);
        if (version > request.Version)
        {
            Check(request.Model, "input", known.Input, request.Body);
        }

        if (known.Output is { } output)
        {
            using var text = new PooledBuffer(answer.SizeHint);
            answer.WriteTo(text);
            Check(request.Model, "output", output, text.Written);
        }
    }

    private static long VersionOf(ClusterView view, ModelId model)
    {
        long version = 0;
        foreach (var (_, served) in view.ReplicasOf(model))
        {
            version = Math.Max(version, served.InterfaceVersion);
        }

        return version;
    }

    private async ValueTask<ReadInterface> FindAsync(ModelId model, long version, CancellationToken cancelled)
    {
        if (_kept.TryGetValue(model, out var kept) && kept.Version >= version)
        {
            return kept;
        }

        var reply = await client.AskModelAsync<IModelReply>(new GetModel(model), cancelled);
        var document = reply.Expect<ModelDocument>();
        var read = new ReadInterface(
            Math.Max(version, document.Version),
            Read(model, "input", document.Spec.Interface?.Input),
            Read(model, "output", document.Spec.Interface?.Output));
        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        return _kept[model] = read;
    }

    private static InterfaceSchema? Read(ModelId model, string side, string? schema)
    {
        try
        {
            return schema is null ? null : InterfaceSchema.Compile(schema);
        }
        catch (SchemaRefusedException e)
        {
            // An earlier version took it.
            throw Refuse(model, side, $"the schema {e.Message}");
        }
    }

    private void Check(ModelId model, string side, InterfaceSchema? schema, ReadOnlyMemory<byte> json)
    {
        if (schema is not null && (TooLarge(json.Length) ?? schema.FaultOf(json)) is { } fault)
        {
            throw Refuse(model, side, fault);
        }
    }

    private static ApiException Refuse(ModelId model, string side, string fault) => ApiError.OfStatus(
        400,
        $"Error validating {side} schema: {fault}. The schema is in the model's interface: "
        + $"GET /_plugins/_ml/models/{model}").ToException();

    private string? TooLarge(int bytes)
    {
        var most = settings.Current.Get(MlSettings.MaxJsonSize);
        return most >= 0 && bytes > most
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"it has {bytes} bytes, and {MlSettings.MaxJsonSize.Name} lets {most} be held against a schema")
            : null;
    }

    /// <param name="Version">Of the model's document that it was in, or of a later one.</param>
    private sealed record ReadInterface(long Version, InterfaceSchema? Input, InterfaceSchema? Output);
}

/// <summary>A prediction's body and what it was held against.</summary>
/// <param name="Version">Version of the model's document whose schema it fits; 0: of none.</param>
internal sealed record HeldRequest(ModelId Model, ReadOnlyMemory<byte> Body, long Version);
