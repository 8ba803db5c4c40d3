using MlCluster.Node.Domain.Pretrained;

namespace MlCluster.Node.Tests.Domain.Pretrained;

public sealed class RepositoryAddressTests
{
    [Theory]
    [InlineData("https://a.example/models/", "https://a.example/models/x/y%20z.json", null)]
    [InlineData("http://10.0.0.1:8080", "http://10.0.0.1:8080/x/y%20z.json", null)]
    [InlineData("/srv/my models", "file:///srv/my%20models/x/y%20z.json", "/srv/my models/")]
    [InlineData("file:///srv/models", "file:///srv/models/x/y%20z.json", "/srv/models/")]
    public void UrlOf_Path_IsBelowTheBase(string setting, string url, string? folder)
    {
        var address = RepositoryAddress.Parse(setting)!;

        Assert.Equal(url, address.UrlOf("x/y z.json"));
        Assert.Equal(folder, address.Folder);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Parse_Nothing_IsNoRepository(string setting) => Assert.Null(RepositoryAddress.Parse(setting));

    [Theory]
    [InlineData("ftp://a.example/models")]
    [InlineData("https://user:secret@a.example/")]
    [InlineData("https://a.example/?list=1")]
    [InlineData("file://elsewhere/models")]
    [InlineData("https://")]
    public void Parse_OtherThanAFolderOrPlainUrl_IsRefused(string setting) =>
        Assert.Throws<FormatException>(() => RepositoryAddress.Parse(setting));
}
