namespace MlCluster.Inference.Archive.TorchScript.Pickle;

/// <summary>Holds every storage and tensor that a pickle declares to the bytes that are stored.</summary>
/// <param name="what">File and pickle, for messages.</param>
/// <param name="storedBytes">Bytes of a storage's record; null when there is none.</param>
internal sealed class TensorStore(string what, Func<string, long?> storedBytes)
{
    private const int MaxDimensions = 64;

    // Expanded tensors (stride 0) may be larger than their storage, but no model's has 2^48 elements.
    private const long MaxItems = 1L << 48;

    /// <summary>Name for messages.</summary>
    public string What => what;

    /// <summary>Checks a persistent id: <c>('storage', type, key, device, items)</c>.</summary>
    /// <exception cref="ModelFormatException">The record is missing or short.</exception>
    public StorageValue Storage(PickleValue id)
    {
        if (id is not TupleValue
            {
                Items:
                [
                    TextValue { Text: "storage" },
                    StorageTypeValue type,
                    TextValue key,
                    TextValue device,
                    IntValue items,
                ]
            })
        {
            throw Refuse("has a reference that is not to a storage");
        }

        if (device.Text != "cpu" && !device.Text.StartsWith("cuda", StringComparison.Ordinal))
        {
            throw Refuse($"keeps a tensor on {device.Text}; save the model on cpu");
        }

        if (items.Value is < 0 or > MaxItems)
        {
            throw Refuse($"declares a storage of {items.Value} elements");
        }

        var stored = items.Value == 0 ? 0 : storedBytes(key.Text);
        return stored >= items.Value * type.ItemBytes
            ? new StorageValue(key.Text, items.Value)
            : throw Refuse(
                $"declares {items.Value * type.ItemBytes} bytes for storage {key.Text}, "
                + (stored is null ? "which is missing" : $"but {stored} are stored"));
    }

    /// <summary>
    /// Checks the arguments <c>(storage, offset, sizes, strides, [quantizer,] grad, hooks[, metadata])</c>.
    /// </summary>
    /// <exception cref="ModelFormatException">The tensor reaches outside its storage.</exception>
    public TensorValue Tensor(PickleValue arguments, bool quantized)
    {
        if (arguments is not TupleValue
            {
                Items: [StorageValue storage, IntValue offset, var sizes, var strides, ..],
            } tuple
            || tuple.Items.Length < (quantized ? 7 : 6)
            || tuple.Items.Length > 7)
        {
            throw Refuse("has a tensor with unusual arguments");
        }

        var tensor = new TensorValue(Numbers(sizes));
        CheckRange(storage, offset.Value, tensor.Sizes, Numbers(strides));
        if (quantized)
        {
            CheckQuantizer(tuple.Items[4], tensor.Sizes);
        }

        return tensor;
    }

    private long[] Numbers(PickleValue value) =>
        value is TupleValue tuple && tuple.Items.Length <= MaxDimensions && tuple.Items.All(item => item is IntValue)
            ? [.. tuple.Items.Select(item => ((IntValue)item).Value)]
            : throw Refuse("has a tensor whose sizes or strides are not a tuple of at most 64 ints");

    private void CheckRange(StorageValue storage, long offset, long[] sizes, long[] strides)
    {
        if (sizes.Length != strides.Length || offset < 0
            || sizes.Any(size => size < 0) || strides.Any(stride => stride < 0))
        {
            throw Refuse($"has a tensor in storage {storage.Key} with a negative or missing size, stride or offset");
        }

        Int128 items = 1, end = (Int128)offset + 1;
        for (var i = 0; i < sizes.Length; i++)
        {
            items = Int128.Min(items * sizes[i], MaxItems + 1);
            end += (Int128)(sizes[i] - 1) * strides[i];
        }

        if (items > MaxItems || (items > 0 && end > storage.Items))
        {
            throw Refuse(
                $"has a tensor [{string.Join(", ", sizes)}] that reaches outside storage {storage.Key} "
                + $"of {storage.Items} elements");
        }
    }

    /// <summary>libtorch reads one scale and one zero point a channel without asking whether they are there.</summary>
    private void CheckQuantizer(PickleValue quantizer, long[] sizes)
    {
        var fits = quantizer switch
        {
            TupleValue { Items: [SchemeValue { Name: "per_tensor_affine" }, OpaqueValue, IntValue] } => true,
            TupleValue { Items: [SchemeValue scheme, TensorValue scales, TensorValue zeros, IntValue axis] } =>
                scheme.Name.StartsWith("per_channel_affine", StringComparison.Ordinal)
                && axis.Value >= 0
                && axis.Value < sizes.Length
                && Holds(scales, sizes[axis.Value])
                && Holds(zeros, sizes[axis.Value]),
            _ => false,
        };
        if (!fits)
        {
            throw Refuse("has a quantized tensor whose scales do not fit it");
        }
    }

    private static bool Holds(TensorValue tensor, long items) => tensor.Sizes.Length == 1 && tensor.Sizes[0] == items;

    private ModelFormatException Refuse(string reason) => new($"{what} {reason}");
}
