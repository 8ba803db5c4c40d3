using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Interfaces;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Registration;

/// <summary>Reads <c>interface</c> (contract 3.1): JSON schemas, as objects or as text.</summary>
internal static class InterfaceBody
{
    /// <summary>Reads the object at the reader.</summary>
    /// <returns>Null: there is no schema in it.</returns>
    /// <exception cref="ApiException">400: something is wrong.</exception>
    public static ModelInterface? Read(ref JsonPull json)
    {
        var schemas = new ModelInterface(null, null);
        json.BeginObject();
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "input":
                    schemas = schemas with { Input = Schema(name, ref json) };
                    break;
                case "output":
                    schemas = schemas with { Output = Schema(name, ref json) };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return schemas is { Input: null, Output: null } ? null : schemas;
    }

    private static string Schema(string field, ref JsonPull json)
    {
        var text = json.IsObject ? json.RawObject() : json.Text();
        try
        {
            _ = InterfaceSchema.Compile(text);
            return text;
        }
        catch (SchemaRefusedException e)
        {
            throw ApiError.IllegalArgument($"interface.{field} {e.Message}").ToException();
        }
    }
}
