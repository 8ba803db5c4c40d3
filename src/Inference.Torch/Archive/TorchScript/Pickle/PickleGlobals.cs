using System.Collections.Frozen;
using MlCluster.Inference.Archive.TorchScript.Code;

namespace MlCluster.Inference.Archive.TorchScript.Pickle;

/// <summary>The callable names that TorchScript archives hold.</summary>
internal enum PickleGlobal
{
    Class,
    RebuildTensor,
    RebuildQuantizedTensor,
    OrderedDict,
    Complex,
    Device,
    BuildList,
    RestoreTypeTag,
}

/// <summary>Knows every global that a TorchScript pickle may name, and refuses the rest.</summary>
internal static class PickleGlobals
{
    private static readonly FrozenDictionary<string, PickleGlobal> Functions = new Dictionary<string, PickleGlobal>
    {
        ["torch._utils._rebuild_tensor_v2"] = PickleGlobal.RebuildTensor,
        ["torch._utils._rebuild_qtensor"] = PickleGlobal.RebuildQuantizedTensor,
        ["collections.OrderedDict"] = PickleGlobal.OrderedDict,
        ["builtins.complex"] = PickleGlobal.Complex,
        ["torch.device"] = PickleGlobal.Device,
        ["torch.jit._pickle.build_intlist"] = PickleGlobal.BuildList,
        ["torch.jit._pickle.build_tensorlist"] = PickleGlobal.BuildList,
        ["torch.jit._pickle.build_doublelist"] = PickleGlobal.BuildList,
        ["torch.jit._pickle.build_boollist"] = PickleGlobal.BuildList,
        ["torch.jit._pickle.restore_type_tag"] = PickleGlobal.RestoreTypeTag,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, int> StorageItemBytes = new Dictionary<string, int>
    {
        ["Byte"] = 1, ["Char"] = 1, ["Bool"] = 1, ["Short"] = 2, ["Half"] = 2, ["BFloat16"] = 2, ["Int"] = 4,
        ["Float"] = 4, ["Long"] = 8, ["Double"] = 8, ["ComplexHalf"] = 4, ["ComplexFloat"] = 8, ["ComplexDouble"] = 16,
        ["QInt8"] = 1, ["QUInt8"] = 1, ["QInt32"] = 4,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Schemes = new[]
    {
        "per_tensor_affine", "per_channel_affine", "per_channel_affine_float_qparams",
        "per_tensor_symmetric", "per_channel_symmetric",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Resolves a name; null when it is not one that TorchScript writes.</summary>
    public static PickleValue? Resolve(string module, string name)
    {
        var qualified = $"{module}.{name}";
        if (Functions.TryGetValue(qualified, out var function))
        {
            return new GlobalValue(function, qualified);
        }

        if (module == "torch")
        {
            return ResolveTorch(name);
        }

        return OperatorRules.IsClassName(qualified) ? new GlobalValue(PickleGlobal.Class, qualified) : null;
    }

    private static PickleValue? ResolveTorch(string name)
    {
        const string Suffix = "Storage";
        if (Schemes.Contains(name))
        {
            return new SchemeValue(name);
        }

        return name.EndsWith(Suffix, StringComparison.Ordinal)
            && StorageItemBytes.TryGetValue(name[..^Suffix.Length], out var itemBytes)
            ? new StorageTypeValue(name, itemBytes)
            : null;
    }
}
