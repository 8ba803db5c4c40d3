using MlCluster.Inference;
using MlCluster.Inference.Functions;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Routing;
using MlCluster.Node.Ml.Loading;

namespace MlCluster.Node.Ml.Serving;

/// <summary>Makes what the routing says of a loaded model.</summary>
internal static class ServedModelEntry
{
    public static ServedModel Of(LoadModel command, RehearsedPackage rehearsed, IServedModel served) => new(
        command.ModelId,
        command.Spec.FunctionName,
        served.Device.Name,
        BatchingWord.Of(rehearsed.Report.Batching),
        [.. FunctionOutputs.Of(rehearsed.Package.Config, rehearsed.Report).Select(ToOutput)],
        Math.Max(command.SizeBytes, BytesOf(rehearsed.Package)),
        served.MaxTokens);

    private static long BytesOf(ModelPackage package) =>
        package.ModelFile is { } model ? new FileInfo(model).Length : 0;

    private static ServedOutput ToOutput(OutputInfo output) => new(
        output.Name, output.PerToken ? TensorKind.PerToken : TensorKind.PerDocument, output.BytesPerUnit);
}
