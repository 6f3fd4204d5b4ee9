using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Lab.Tests.Topology;

public sealed class LinkFaultTests
{
    [Theory]
    [InlineData("1%", 0.01)]
    [InlineData("0.25", 0.25)]
    [InlineData("100%", 1)]
    public void Loss_Written_IsAShare(string text, double expected)
    {
        Assert.True(LinkFault.TryParseLoss(text, out var loss));
        Assert.Equal(expected, loss, 9);
    }

    [Theory]
    [InlineData("101%")]
    [InlineData("-1%")]
    [InlineData("")]
    [InlineData("much")]
    public void Loss_ThatIsNoShare_IsRefused(string text) => Assert.False(LinkFault.TryParseLoss(text, out _));
}
