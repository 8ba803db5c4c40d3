using System.Collections.Frozen;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Registration;

/// <summary>Names that OpenSearch knows, and which of them this version serves.</summary>
internal static class KnownNames
{
    private static readonly NameSet Functions = new(
        "function name",
        "Wrong function name",
        ServedNames.Functions,
        [
            "LINEAR_REGRESSION", "KMEANS", "AD_LIBSVM", "SAMPLE_ALGO", "LOCAL_SAMPLE_CALCULATOR",
                "FIT_RCF", "BATCH_RCF",
            "ANOMALY_LOCALIZATION", "RCF_SUMMARIZE", "LOGISTIC_REGRESSION", "METRICS_CORRELATION", "REMOTE",
            "AGENT", "CONNECTOR", "TOOL",
        ]);

    private static readonly NameSet Formats = new("model format", "Wrong model format", ServedNames.Formats, []);

    private static readonly NameSet Frameworks = new(
        "framework type", "Wrong framework type", ServedNames.Frameworks, []);

    private static readonly NameSet Poolings = new(
        "pooling mode", "Wrong pooling method", ServedNames.Poolings, []);

    private static readonly FrozenSet<string> ModelStates = FrozenSet.ToFrozenSet(
        [
            "TRAINED", "UPLOADING", "UPLOADED", "LOADING", "LOADED", "PARTIALLY_LOADED", "UNLOADED", "LOAD_FAILED",
            "REGISTERING", "REGISTERED", "DEPLOYING", "DEPLOYED", "PARTIALLY_DEPLOYED", "UNDEPLOYED", "DEPLOY_FAILED",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>A <c>function_name</c>, or the algorithm of a path, in upper case.</summary>
    /// <exception cref="ApiException">400: unknown, or not served.</exception>
    public static string Function(string text) => Functions.Read(text);

    /// <summary>Any function that OpenSearch knows, served here or not, in upper case.</summary>
    /// <exception cref="ApiException">400: unknown.</exception>
    public static string AnyFunction(string text) => Functions.ReadAny(text);

    /// <summary>A <c>model_format</c> in upper case.</summary>
    public static string Format(string text) => Formats.Read(text);

    /// <summary>A <c>framework_type</c> in upper case.</summary>
    public static string Framework(string text) => Frameworks.Read(text);

    /// <summary>A <c>pooling_mode</c> in upper case.</summary>
    public static string Pooling(string text) => Poolings.Read(text);

    /// <summary>Checks a <c>model_state</c>, which changes nothing.</summary>
    public static void CheckModelState(string text)
    {
        if (!ModelStates.Contains(text))
        {
            throw ApiError.IllegalArgument("Wrong model state").ToException();
        }
    }

    private sealed record NameSet(string What, string Wrong, IReadOnlyList<string> Served, string[] Others)
    {
        public string ReadAny(string text) =>
            text.ToUpperInvariant() is var name && Others.Contains(name, StringComparer.Ordinal) ? name : Read(text);

        public string Read(string text)
        {
            var name = text.ToUpperInvariant();
            if (Served.Contains(name, StringComparer.Ordinal))
            {
                return name;
            }

            var served = string.Join(", ", Served);
            throw ApiError.IllegalArgument(
                Others.Contains(name, StringComparer.Ordinal)
                    ? $"{What} {name} is not served: this version serves {served} only"
                    : $"{Wrong}: [{text}]; this version serves {served}").ToException();
        }
    }
}
