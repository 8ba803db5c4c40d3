using MlCluster.Node.Domain.Groups;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;
using MlCluster.Node.Gateway.Registration;

namespace MlCluster.Node.Gateway.Groups;

/// <summary>Body of a registration of a model group, or of a change of one (contract 8).</summary>
internal sealed record ModelGroupBody(string? Name, string? Description, AccessFields Access)
{
    /// <summary>Reads a body; what is required is checked after.</summary>
    /// <exception cref="ApiException">400: it cannot be read, or a value is wrong.</exception>
    public static ModelGroupBody Parse(ReadOnlySpan<byte> body, bool isControlled)
    {
        var json = new JsonPull(body);
        var read = new ModelGroupBody(null, null, new AccessFields());
        json.BeginObject();
        while (json.NextField(out var name))
        {
            read = name switch
            {
                "name" => read with { Name = json.Text() },
                "description" => read with { Description = json.Text() },
                _ => read.ReadOther(name, ref json),
            };
        }

        RegistrationLimits.CheckText(read.Name, read.Description);
        AccessBody.Check(read.Access, isControlled);
        return read;
    }

    /// <summary>The name of a new group.</summary>
    /// <exception cref="ApiException">400: there is none.</exception>
    public string RequireName() => !string.IsNullOrWhiteSpace(Name)
        ? Name
        : throw ApiError.IllegalArgument("model group name must not be null or blank").ToException();

    private ModelGroupBody ReadOther(string name, ref JsonPull json)
    {
        if (AccessBody.Read(Access, name, ref json) is { } access)
        {
            return this with { Access = access };
        }

        json.Skip();
        return this;
    }
}
