using CsCheck;
using MlCluster.Inference.Tokenization.Models;

namespace MlCluster.Inference.Tests.Tokenization;

public sealed class SymbolMergingTests
{
    private const string Letters = "abc";

    // Merges of what letters and earlier merges gave, in an order that chance decides.
    private static readonly Gen<MergeRule[]> Rules = Gen.Select(Gen.Int[0, 99], Gen.Int[0, 99]).List[1, 12].Select(
        static choices =>
        {
            var tokens = Letters.Select(static c => c.ToString()).ToList();
            var rules = new List<MergeRule>();
            foreach (var (left, right) in choices)
            {
                var rule = new MergeRule(tokens[left % tokens.Count], tokens[right % tokens.Count]);
                if (!tokens.Contains(rule.Joined))
                {
                    tokens.Add(rule.Joined);
                    rules.Add(rule);
                }
            }

            return rules.ToArray();
        });

    private static readonly Gen<string> Words = Gen.Char[Letters].List[1, 100].Select(static l => string.Concat(l));

    [Fact]
    public void Apply_AnyWordAndOrderOfMerges_EqualsTheRuleByTheBook() =>
        Gen.Select(Rules.SelectMany(static r => Gen.Shuffle(r)), Words).Sample(
            static (rules, word) =>
            {
                var joined = rules.Select(static r => r.Joined);
                var names = Letters.Select(static c => c.ToString()).Concat(joined).ToList();
                var vocabulary = names.Select(static (name, id) => (name, id))
                    .ToDictionary(static e => e.name, static e => e.id, StringComparer.Ordinal);
                var table = new MergeTable([.. rules.Select(static r => (r.Left, r.Right))], vocabulary, prefix: "");
                int[] symbols = [.. word.Select(c => vocabulary[c.ToString()])];

                var count = SymbolMerging.Apply(table, symbols);

                Assert.Equal(ByTheBook(rules, word), symbols.Take(count).Select(id => names[id]));
            },
            iter: 5000);

    private static List<string> ByTheBook(MergeRule[] rules, string word)
    {
        var symbols = word.Select(static c => c.ToString()).ToList();
        while (true)
        {
            var best = Enumerable.Range(0, symbols.Count - 1)
                .Select(i => (At: i, Rank: Array.IndexOf(rules, new MergeRule(symbols[i], symbols[i + 1]))))
                .Where(static m => m.Rank >= 0).OrderBy(static m => m.Rank).ThenBy(static m => m.At)
                .Select(static m => (int?)m.At).FirstOrDefault();
            if (best is not { } at)
            {
                return symbols;
            }

            symbols[at] += symbols[at + 1];
            symbols.RemoveAt(at + 1);
        }
    }

    private sealed record MergeRule(string Left, string Right)
    {
        public string Joined => Left + Right;
    }
}
