namespace MlCluster.Node.Domain.Pretrained;

/// <summary>A model of a repository and where its files lie there.</summary>
/// <remarks>Layout: https://github.com/opensearch-project/ml-commons, class MLEngine.</remarks>
/// <param name="Name">Such as <c>huggingface/sentence-transformers/all-MiniLM-L6-v2</c>.</param>
/// <param name="Version">Such as <c>1.0.1</c>.</param>
/// <param name="Format">Upper case, such as <c>TORCH_SCRIPT</c>.</param>
internal sealed record PretrainedModel(string Name, string Version, string Format)
{
    /// <summary>The format as paths and lists spell it.</summary>
    public string FormatWord => Format.ToLowerInvariant();

    /// <summary>What is said of the model, from the repository's root.</summary>
    public string ConfigPath => $"{Folder}/config.json";

    /// <summary>Its archive, from the repository's root; the first part of the name is not in the file's.</summary>
    public string ArchivePath
    {
        get
        {
            var name = Name[(Name.IndexOf('/', StringComparison.Ordinal) + 1)..];
            return $"{Folder}/{name.Replace('/', '_')}-{Version}-{FormatWord}.zip";
        }
    }

    /// <summary>True when the paths stay below the root, whatever a client has called its model.</summary>
    public bool StaysInside =>
        !Version.Contains('/', StringComparison.Ordinal)
        && !Folder.Contains('\\', StringComparison.Ordinal)
        && Folder.Split('/').All(static part => part is not ("" or "." or ".."));

    private string Folder => $"{Name}/{Version}/{FormatWord}";
}
