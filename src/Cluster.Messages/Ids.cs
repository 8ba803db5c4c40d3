using System.Diagnostics.CodeAnalysis;

namespace MlCluster.Messages;

/// <summary>Id of a model: letters, digits, '_' and '-'.</summary>
public readonly record struct ModelId(string Value)
{
    /// <summary>Reads an id as a client sent it; false for text that no id can be.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ModelId id) =>
        (id = new ModelId(text ?? "")) is var _ && IdText.IsValid(text);

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>Id of a group of models.</summary>
public readonly record struct ModelGroupId(string Value)
{
    /// <summary>Reads an id as a client sent it; false for text that no id can be.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ModelGroupId id) =>
        (id = new ModelGroupId(text ?? "")) is var _ && IdText.IsValid(text);

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>Id of a task.</summary>
public readonly record struct TaskId(string Value)
{
    /// <summary>Reads an id as a client sent it; false for text that no id can be.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TaskId id) =>
        (id = new TaskId(text ?? "")) is var _ && IdText.IsValid(text);

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>Id of a node: 22 characters of base64url, made once and kept in its data folder.</summary>
public readonly record struct NodeId(string Value)
{
    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>Key under which a repeated command has its effect once.</summary>
public readonly record struct CommandId(string Value)
{
    /// <inheritdoc />
    public override string ToString() => Value;
}

internal static class IdText
{
    private const int MaxLength = 512;

    public static bool IsValid(string? text) =>
        text is { Length: > 0 and <= MaxLength } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
