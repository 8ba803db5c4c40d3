using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using Google.Protobuf;

namespace MlCluster.Messages.Serialization;

/// <summary>Checks that protobuf itself does not make, and conversions without copies.</summary>
internal static class WireValue
{
    /// <summary>The number of an enum value; values without a name are refused before they leave.</summary>
    public static int FromEnum<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        Enum.IsDefined(value) ? Unsafe.BitCast<TEnum, int>(value) : throw Undefined<TEnum>(value);

    /// <summary>An enum value from its number.</summary>
    /// <exception cref="SerializationException">This version does not know the number.</exception>
    public static TEnum ToEnum<TEnum>(int number)
        where TEnum : struct, Enum
    {
        var value = Unsafe.BitCast<int, TEnum>(number);
        return Enum.IsDefined(value) ? value : throw Undefined<TEnum>(number);
    }

    /// <summary>A nested message that the record cannot be without.</summary>
    /// <exception cref="SerializationException">It is absent.</exception>
    public static T Required<T>(T? part, [CallerArgumentExpression(nameof(part))] string name = "")
        where T : class =>
        part ?? throw new SerializationException($"The field {name} is missing.");

    /// <summary>Wraps memory that nobody writes to any more: messages are immutable.</summary>
    public static ByteString Bytes(ReadOnlyMemory<byte> data) => UnsafeByteOperations.UnsafeWrap(data);

    private static SerializationException Undefined<TEnum>(object value) =>
        new($"{value} is no {typeof(TEnum).Name}; perhaps the sender runs a newer version.");
}
