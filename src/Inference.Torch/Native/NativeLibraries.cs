using System.Runtime.InteropServices;
using TorchSharp;

namespace MlCluster.Inference.Native;

/// <summary>Loads libtorch and the binding into the process, in the one order that works.</summary>
/// <param name="Torch">libtorch_cpu.so.</param>
/// <param name="Binding">libLibTorchSharp.so, adapted to older systems.</param>
internal sealed record NativeLibraries(nint Torch, nint Binding)
{
    private const string BindingFile = "libLibTorchSharp.so";
    private const string MissingVersion = "GLIBCXX_3.4.32";

    /// <summary>Loads everything; called once in a process, before the first use of TorchSharp.</summary>
    /// <exception cref="TorchUnavailableException">A file is missing or does not load.</exception>
    public static NativeLibraries Load(TorchRuntimeOptions options)
    {
        try
        {
            var torch = LoadTorch(options.TorchLibs ?? Path.GetDirectoryName(Find("libtorch.so"))!);
            var libraries = new NativeLibraries(torch, LoadBinding(options));
            NativeLibrary.SetDllImportResolver(
                typeof(torch).Assembly, (name, _, _) => name == "LibTorchSharp" ? libraries.Binding : 0);
            return libraries;
        }
        catch (Exception cause) when (cause is DllNotFoundException or BadImageFormatException or IOException
            or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TorchUnavailableException($"libtorch does not load: {Reason(cause)}", cause);
        }
    }

    /// <summary>What the system's loader said, without the advice that .NET puts before it.</summary>
    private static string Reason(Exception cause) =>
        cause.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];

    private static nint LoadTorch(string folder)
    {
        RefuseSecondTorch(folder);
        NativeLibrary.Load(Path.Combine(folder, "libtorch.so"));
        var cuda = Path.Combine(folder, "libtorch_cuda.so");
        if (File.Exists(cuda))
        {
            NativeLibrary.Load(cuda);
        }

        return NativeLibrary.Load(Path.Combine(folder, "libtorch_cpu.so"));
    }

    /// <summary>
    /// TorchSharp loads the libtorch_cpu.so beside the application whatever is loaded already; a second libtorch
    /// registers every operator twice and ends the process.
    /// </summary>
    private static void RefuseSecondTorch(string folder)
    {
        var own = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var second = SearchFolders()
            .Select(place => Path.TrimEndingDirectorySeparator(Path.GetFullPath(place)))
            .FirstOrDefault(place => place != own && File.Exists(Path.Combine(place, "libtorch_cpu.so")));
        if (second is not null)
        {
            throw new TorchUnavailableException(
                $"{second} holds a libtorch of its own beside the one of {own}; only one fits into a process: "
                + "publish with -p:Torch=none to use the libraries of a Python torch");
        }
    }

    /// <summary>Where the system is new enough the file loads as it is; else a copy that asks for less.</summary>
    private static nint LoadBinding(TorchRuntimeOptions options)
    {
        var file = Find(BindingFile);
        if (NativeLibrary.TryLoad(file, out var binding))
        {
            return binding;
        }

        var content = File.ReadAllBytes(file);
        ElfVersionNeeds.MakeWeak(content, MissingVersion);
        if ((options.NativeCache ?? NativeCache.DefaultFolder) is { } cache)
        {
            try
            {
                return NativeLibrary.Load(NativeCache.Store(cache, BindingFile, content));
            }
            catch (Exception cause) when (options.NativeCache is null
                && cause is IOException or UnauthorizedAccessException)
            {
                // A home that cannot be written, as in many containers: the private folder below serves as well.
            }
        }

        return LoadFromPrivateFolder(content);
    }

    /// <summary>A folder that only this process knows; a loaded library no longer needs its file.</summary>
    private static nint LoadFromPrivateFolder(byte[] content)
    {
        var folder = Directory.CreateTempSubdirectory("mlcluster-native-");
        try
        {
            return NativeLibrary.Load(NativeCache.Store(folder.FullName, BindingFile, content));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Find(string file) =>
        SearchFolders().Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
        ?? throw new TorchUnavailableException(
            $"{file} is not in the application's folder {AppContext.BaseDirectory}: publish for linux-x64, "
            + "or name the libraries of a Python torch with --torch-libs");

    private static IEnumerable<string> SearchFolders()
    {
        yield return AppContext.BaseDirectory;
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        var more = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? string.Empty;
        foreach (var folder in more.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder;
        }
    }
}
