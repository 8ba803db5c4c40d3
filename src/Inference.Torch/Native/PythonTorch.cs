using System.Text.RegularExpressions;

namespace MlCluster.Inference.Native;

/// <summary>Checks that the libtorch of an installed Python torch fits the binding that is compiled in.</summary>
/// <remarks>
/// The binding is built on libtorch 2.10. 2.11 has the same layout of every class it touches; 2.13 loads and then ends
/// the process, so the version is read before anything is loaded.
/// </remarks>
internal static partial class PythonTorch
{
    private static readonly string[] Fitting = ["2.10", "2.11"];

    /// <summary>Checks the folder <c>…/torch/lib</c>; gives torch's version.</summary>
    /// <exception cref="TorchUnavailableException">No libtorch there, or a version that does not fit.</exception>
    public static string Check(string libFolder)
    {
        if (!File.Exists(Path.Combine(libFolder, "libtorch.so")))
        {
            throw new TorchUnavailableException(
                $"{libFolder} holds no libtorch.so: name the folder torch/lib of an installed Python torch");
        }

        var versionFile = Path.Combine(libFolder, "..", "version.py");
        var version = File.Exists(versionFile) ? ReadVersion(File.ReadAllText(versionFile)) : null;
        return version switch
        {
            null => throw new TorchUnavailableException(
                $"no version.py with a __version__ beside {libFolder}: the version of this libtorch is unknown"),
            _ when Fits(version) => version,
            _ => throw new TorchUnavailableException(
                $"{libFolder} is torch {version}; this build fits torch {string.Join(" and ", Fitting)} only"),
        };
    }

    /// <summary>Tells whether the binding was seen to work with this version, such as <c>2.11.0+cu130</c>.</summary>
    internal static bool Fits(string version) =>
        Array.Exists(Fitting, fitting => version.StartsWith(fitting + ".", StringComparison.Ordinal));

    /// <summary>The value of <c>__version__</c> in the text of version.py; null without one.</summary>
    internal static string? ReadVersion(string versionFile)
    {
        var match = VersionLine().Match(versionFile);
        return match.Success ? match.Groups["version"].Value : null;
    }

    [GeneratedRegex(
        """^__version__\s*(?::\s*\w+\s*)?=\s*['"](?<version>[^'"]+)['"]""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex VersionLine();
}
