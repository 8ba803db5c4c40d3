using System.Text;
using CsCheck;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Tests.Functions;

/// <summary>An archive's <c>idf.json</c> comes from a client: whatever it holds is read or refused.</summary>
public sealed class IdfTableFuzzTests
{
    private static readonly byte[][] Tables =
    [
        Encoding.UTF8.GetBytes("""{"a":2.5,"##b":1e3,"é😀":-0.25,"":7,"\u00e9\ud83d\ude00":0}"""),
        Encoding.UTF8.GetBytes("""{"\ud800":1,"a":[{"b":[1]}],"c":1e400}"""),
    ];

    [Fact]
    public void Read_AnyBytes_GivesNumbersOrIsRefused() => Mutations.Of(Tables).Sample(
        bytes =>
        {
            try
            {
                var weights = IdfTable.Read(new MemoryStream(bytes)).Values;
                Assert.All(weights, weight => Assert.True(float.IsFinite(weight)));
            }
            catch (ModelFormatException e)
            {
                Assert.Contains("idf.json is not a table of token weights", e.Message, StringComparison.Ordinal);
            }
        },
        iter: 10_000);
}
