namespace MlCluster.Inference.Archive.TorchScript.Pickle;

/// <summary>What a pickle's program makes, as far as the checks need it: shapes and kinds, no contents.</summary>
internal abstract class PickleValue
{
    /// <summary>Levels of values below this one.</summary>
    public int Depth { get; set; }

    /// <summary>Lies in another value, so it may not change any more: no cycles, and depths stay true.</summary>
    public bool IsSealed { get; set; }

    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }
}

/// <summary>None, a float, a complex number, a device: nothing that matters here.</summary>
internal sealed class OpaqueValue(string kind) : PickleValue
{
    public static readonly OpaqueValue None = new("None");
    public static readonly OpaqueValue Number = new("a number");
    public static readonly OpaqueValue Bool = new("a bool");
    public static readonly OpaqueValue Device = new("a device");

    public override string Kind => kind;
}

internal sealed class IntValue(long value) : PickleValue
{
    public long Value => value;

    public override string Kind => "an int";
}

/// <summary>A string; bytes are kept as Latin-1 characters.</summary>
internal sealed class TextValue(string text) : PickleValue
{
    public string Text => text;

    public override string Kind => "a string";
}

internal sealed class TupleValue(PickleValue[] items) : PickleValue
{
    public PickleValue[] Items => items;

    public override string Kind => "a tuple";
}

internal sealed class ListValue : PickleValue
{
    public override string Kind => "a list";
}

internal sealed class DictValue : PickleValue
{
    public override string Kind => "a dict";
}

/// <summary>A name that the program wants called.</summary>
internal sealed class GlobalValue(PickleGlobal name, string qualifiedName) : PickleValue
{
    public PickleGlobal Name => name;

    public string QualifiedName => qualifiedName;

    public override string Kind => qualifiedName;
}

/// <summary>An element type of storages.</summary>
internal sealed class StorageTypeValue(string name, int itemBytes) : PickleValue
{
    public string Name => name;

    public int ItemBytes => itemBytes;

    public override string Kind => name;
}

/// <summary>A quantisation scheme.</summary>
internal sealed class SchemeValue(string name) : PickleValue
{
    public string Name => name;

    public override string Kind => name;
}

/// <summary>A storage whose bytes are there.</summary>
internal sealed class StorageValue(string key, long items) : PickleValue
{
    public string Key => key;

    public long Items => items;

    public override string Kind => "a storage";
}

/// <summary>A tensor that lies within its storage.</summary>
internal sealed class TensorValue(long[] sizes) : PickleValue
{
    public long[] Sizes => sizes;

    public override string Kind => "a tensor";
}

/// <summary>An instance of one of the archive's classes, or of a built-in one.</summary>
internal sealed class ObjectValue(string typeName) : PickleValue
{
    public string TypeName => typeName;

    public override string Kind => typeName;
}
