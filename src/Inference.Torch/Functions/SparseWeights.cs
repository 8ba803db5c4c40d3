using System.Globalization;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Functions;

/// <summary>Collects weights of tokens under the names that a caller wants.</summary>
internal sealed class SparseWeights(TokenTable tokens, SparseFormat format)
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<float> _weights = [];

    /// <summary>Notes a token's weight; of two tokens with one text the later counts.</summary>
    public void Add(int id, float weight)
    {
        var name = format == SparseFormat.TokenId ? id.ToString(CultureInfo.InvariantCulture) : tokens.WordOf(id);
        if (name.Length == 0)
        {
            return;
        }

        if (_places.TryAdd(name, _names.Count))
        {
            _names.Add(name);
            _weights.Add(weight);
        }
        else
        {
            _weights[_places[name]] = weight;
        }
    }

    /// <summary>The weights so far.</summary>
    public TokenWeights ToContent() => new(_names, _weights);
}
