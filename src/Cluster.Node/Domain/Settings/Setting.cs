namespace MlCluster.Node.Domain.Settings;

/// <summary>A cluster setting that OpenSearch knows, whatever its value's type.</summary>
/// <param name="Name">Dotted.</param>
/// <param name="Default">As text; the operator's HOCON wins where it has the same.</param>
internal abstract record Setting(string Name, string Default)
{
    /// <summary>False: only OpenSearch's configuration file may set it.</summary>
    public bool IsDynamic { get; init; } = true;

    /// <summary>True for values that are written as JSON arrays.</summary>
    public virtual bool IsList => false;

    /// <summary>Says in OpenSearch's words why a text is no value of it; null when it is one.</summary>
    public abstract string? Problem(string text);
}

/// <summary>A cluster setting with its type.</summary>
internal abstract record Setting<T>(string Name, string Default) : Setting(Name, Default)
{
    /// <summary>Reads a value.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public abstract T Parse(string text);

    /// <inheritdoc />
    public sealed override string? Problem(string text)
    {
        try
        {
            _ = Parse(text);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>OpenSearch's words for a value of the wrong kind.</summary>
    protected FormatException Unparsable(string text, string more = "") =>
        new($"Failed to parse value [{text}] for setting [{Name}]{more}");
}
