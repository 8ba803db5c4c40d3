using System.Text;
using CsCheck;
using MlCluster.Messages.Models;
using MlCluster.Node.Ml;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Ml;

public sealed class HighlightingConfigTests
{
    [Fact]
    public void Read_AnyConfigs_MakesWindowsOrIsRefused()
    {
        var texts = OddJson.Of(
                """
                {"token_max_length":512,"token_overlap_stride":128,"with_overflowing_tokens":true,"padding":false}
                """)
            .Select(Encoding.UTF8.GetString);
        Gen.Select(texts, texts, Gen.Int[-1, 70_000]).Sample(
            (all, additional, length) =>
            {
                try
                {
                    var windows = HighlightingConfig.Read(new ModelConfig(
                        "sentence_highlighting", null, "", all, null, null, length, null, null, additional));

                    Assert.InRange(windows.MaxTokens, 1, 65_536);
                    Assert.InRange(windows.Stride, 0, windows.MaxTokens - 1);
                }
                catch (LoadRefusedException e)
                {
                    Assert.Contains("token_max_length", e.Message, StringComparison.Ordinal);
                }
            },
            iter: 5_000);
    }
}
