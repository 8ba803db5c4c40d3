namespace MlCluster.Inference.Tokenization.Models;

/// <summary>
/// The tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, which stand for bytes of unknown characters.
/// </summary>
internal sealed class ByteTokens
{
    private readonly int?[] _ids = new int?[256];

    /// <param name="find">Looks a token up in the vocabulary; it may lack some.</param>
    public ByteTokens(TokenLookup find)
    {
        for (var value = 0; value < _ids.Length; value++)
        {
            _ids[value] = find($"<0x{value:X2}>", out var id) ? id : null;
        }
    }

    /// <summary>True for a token that stands for a byte.</summary>
    public bool Contains(int id) => Array.IndexOf(_ids, id) >= 0;

    /// <summary>Appends a text's bytes, unless one of them has no token.</summary>
    public bool TryAppend(ReadOnlySpan<char> text, List<int> ids)
    {
        var first = ids.Count;
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                if (_ids[value] is not { } id)
                {
                    ids.RemoveRange(first, ids.Count - first);
                    return false;
                }

                ids.Add(id);
            }
        }

        return true;
    }
}

/// <summary>Finds the id of a token.</summary>
internal delegate bool TokenLookup(string token, out int id);
