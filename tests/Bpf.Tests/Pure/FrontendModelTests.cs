namespace ClusterMesh.Bpf.Tests.Pure;

public sealed class FrontendModelTests
{
    [Fact]
    public void Model_InAnyOrder_IsTheSame() =>
        Assert.Equal(Shares.Model("10.1.0.2:80", "10.1.0.10:80=2", "10.1.0.3:80 draining", "9.9.9.9:1 draining"), Shares.Model("9.9.9.9:1 draining", "10.1.0.10:80=2", "10.1.0.2:80", "10.1.0.3:80 draining"));

    [Fact]
    public void Model_BackendNamedTwice_HasItOnceAndDoesNotDrainIt()
    {
        var model = Shares.Model("10.1.0.2:80=3", "10.1.0.2:80", "10.1.0.2:80 draining");
        Assert.Equal(Shares.Model("10.1.0.2:80=3"), model);
        Assert.Empty(model.Draining);
    }

    [Theory]
    [InlineData("10.1.0.2:80=2")]
    [InlineData("10.1.0.2:81")]
    [InlineData("10.1.0.2:80 draining")]
    public void Model_WithAnotherBackend_IsAnother(string other) => Assert.NotEqual(Shares.Model("10.1.0.2:80"), Shares.Model(other));
}
