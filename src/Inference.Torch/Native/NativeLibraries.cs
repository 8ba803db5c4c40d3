using System.Reflection;
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
            var folder = options.TorchLibs ?? Path.GetDirectoryName(Find("libtorch.so"))!;
            NativeLibrary.Load(Path.Combine(folder, "libtorch.so"));
            var torch = NativeLibrary.Load(Path.Combine(folder, "libtorch_cpu.so"));
            if (File.Exists(Path.Combine(folder, "libtorch_cuda.so")))
            {
                NativeLibrary.Load(Path.Combine(folder, "libtorch_cuda.so"));
            }

            var libraries = new NativeLibraries(torch, LoadBinding(options));
            libraries.BindTorchSharp();
            return libraries;
        }
        catch (Exception cause) when (cause is DllNotFoundException or BadImageFormatException or IOException
            or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TorchUnavailableException($"libtorch does not load: {cause.Message}", cause);
        }
    }

    private static nint LoadBinding(TorchRuntimeOptions options)
    {
        var content = File.ReadAllBytes(Find(BindingFile));
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

    /// <summary>Makes TorchSharp use what is loaded and search for nothing by itself.</summary>
    /// <remarks>
    /// Its own search would copy 490 MB into the output folder, or load a second libtorch beside the one of a Python
    /// torch, which registers every operator twice and ends the process.
    /// </remarks>
    private void BindTorchSharp()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(torch).Assembly, (name, _, _) => name == "LibTorchSharp" ? Binding : 0);
        foreach (var name in (string[])["nativeBackendLoaded", "nativeBackendCudaLoaded"])
        {
            var loaded = typeof(torch).GetField(name, BindingFlags.NonPublic | BindingFlags.Static)
                ?? throw new TorchUnavailableException($"this TorchSharp has no {name}: its own search cannot be kept off");
            loaded.SetValue(null, value: true);
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
