using System.Buffers.Text;
using System.Security.Cryptography;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Makes ids that look like OpenSearch's: 20 characters of base64url.</summary>
internal static class NewIds
{
    private const int Bytes = 15;

    /// <summary>A new id; it begins with a letter or digit, so that no command line takes it for an option.</summary>
    public static string Next()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        while (true)
        {
            RandomNumberGenerator.Fill(bytes);
            var id = Base64Url.EncodeToString(bytes);
            if (char.IsAsciiLetterOrDigit(id[0]))
            {
                return id;
            }
        }
    }
}
