using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Mesh.Tests.Routes;

public sealed class RequestPathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/b/", "/a/b/")]
    [InlineData("/a//b", "/a/b")]
    [InlineData("/a/./b", "/a/b")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/b/.", "/a/b/")]
    [InlineData("/%61", "/a")]
    [InlineData("/a%2fb", "/a%2Fb")]
    [InlineData("/a%5cb", "/a%5Cb")]
    [InlineData("/%2e%2e/b", null)]
    [InlineData("/a/%2e%2e/b", "/b")]
    [InlineData("/..", null)]
    [InlineData("/a/../..", null)]
    [InlineData("/%00", null)]
    [InlineData("/%zz", null)]
    [InlineData("/%2", null)]
    [InlineData("/a\\b", null)]
    [InlineData("/a b", null)]
    [InlineData("/\u0001", null)]
    [InlineData("/é", null)]
    [InlineData("/%C3%a9", "/%C3%A9")]
    [InlineData("/a;v=1/b+c", "/a;v=1/b+c")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/...", "/...")]
    [InlineData("a", null)]
    [InlineData("", null)]
    public void Normalize_Path_HasOneSpelling(string path, string? expected) => Assert.Equal(expected, RequestPath.Normalize(path));

    [Theory]
    [InlineData("/a/../b//c%7e")]
    [InlineData("/%41%2F/./x/")]
    public void Normalize_Twice_ChangesNothing(string path)
    {
        var once = RequestPath.Normalize(path)!;
        Assert.Equal(once, RequestPath.Normalize(once));
    }
}
