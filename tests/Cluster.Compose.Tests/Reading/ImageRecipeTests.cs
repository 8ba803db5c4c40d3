using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Tests.Reading;

public sealed class ImageRecipeTests
{
    private const string Dockerfile =
        """
        # A comment
        FROM sdk AS build
        RUN make
        FROM base AS runtime
        ENV A=1
        ENV B=x=y
        VOLUME ["/data"]
        ENTRYPOINT ["run", "/app/it"]
        FROM runtime AS plain
        COPY --from=build /out /app
        FROM runtime AS other
        ENV A=2
        COPY --from=build /out /opt
        """;

    [Fact]
    public void Parse_Stage_HasWhatItsParentLeaves()
    {
        var recipe = ImageRecipe.Parse(Dockerfile, "other");

        Assert.Equal(["run", "/app/it"], recipe.Entrypoint);
        Assert.Equal(["/data"], recipe.Volumes);
        Assert.Equal("/opt", recipe.Program);
        Assert.Equal(new Dictionary<string, string> { ["A"] = "2", ["B"] = "x=y" }, recipe.Environment);
        Assert.Equal("1", ImageRecipe.Parse(Dockerfile, "plain").Environment["A"]);
    }

    [Fact]
    public void Parse_NoSuchStage_IsRefused() =>
        Assert.Throws<ComposeException>(() => ImageRecipe.Parse(Dockerfile, "missing"));
}
