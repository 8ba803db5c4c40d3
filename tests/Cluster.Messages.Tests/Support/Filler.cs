using System.Reflection;

namespace MlCluster.Messages.Tests.Support;

/// <summary>Builds any record of the protocol by its primary constructor, leaves from a value source.</summary>
internal sealed class Filler(IValueSource values)
{
    private readonly NullabilityInfoContext _nullability = new();

    public object Make(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} has no public constructor.");
        return constructor.Invoke([.. constructor.GetParameters().Select(MakeParameter)]);
    }

    private object? MakeParameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var nullable = Nullable.GetUnderlyingType(type) is not null
            || _nullability.Create(parameter).ReadState == NullabilityState.Nullable;
        return nullable && values.NextIsNull() ? null : MakeValue(Nullable.GetUnderlyingType(type) ?? type);
    }

    private object MakeValue(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => EnumValue(type),
        TypeCode.String => values.NextText(),
        TypeCode.Boolean => values.NextCount() > 0,
        TypeCode.Int32 => unchecked((int)values.NextNumber()),
        TypeCode.Int64 => values.NextNumber(),
        TypeCode.Single => (float)values.NextReal(),
        TypeCode.Double => values.NextReal(),
        _ when type == typeof(TimeSpan) => new TimeSpan(values.NextNumber()),
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(values.NextBytes()),
        _ when type.IsGenericType => MakeCollection(type),
        _ => Make(type),
    };

    private object EnumValue(Type type)
    {
        var all = Enum.GetValues(type);
        return all.GetValue((int)((ulong)values.NextNumber() % (ulong)all.Length))!;
    }

    private object MakeCollection(Type type)
    {
        var arguments = type.GetGenericArguments();
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(IReadOnlyList<>))
        {
            return MakeArray(arguments[0]);
        }

        return definition == typeof(IReadOnlyDictionary<,>)
            ? MakeDictionary(arguments)
            : throw new InvalidOperationException($"The filler knows no {type}: teach it.");
    }

    private Array MakeArray(Type element)
    {
        var array = Array.CreateInstance(element, values.NextCount());
        for (var i = 0; i < array.Length; i++)
        {
            array.SetValue(MakeValue(element), i);
        }

        return array;
    }

    private object MakeDictionary(Type[] arguments)
    {
        var dictionary = (System.Collections.IDictionary)Activator.CreateInstance(
            typeof(Dictionary<,>).MakeGenericType(arguments))!;
        for (var left = values.NextCount(); left > 0; left--)
        {
            dictionary[MakeValue(arguments[0])] = MakeValue(arguments[1]);
        }

        return dictionary;
    }
}
