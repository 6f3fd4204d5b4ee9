using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Filters;

namespace ClusterMesh.Proxy.Tests.Filters;

/// <summary>The table of HTTPPathModifier (peers.md 2.3).</summary>
public sealed class PathEditingTests
{
    [Theory]
    [InlineData("/foo/bar", "/foo", "/xyz", "/xyz/bar")]
    [InlineData("/foo/bar", "/foo", "/xyz/", "/xyz/bar")]
    [InlineData("/foo", "/foo", "/xyz", "/xyz")]
    [InlineData("/foo/", "/foo", "/xyz", "/xyz/")]
    [InlineData("/foo/bar", "/foo", "", "/bar")]
    [InlineData("/foo/", "/foo", "", "/")]
    [InlineData("/foo", "/foo", "", "/")]
    [InlineData("/foo/", "/foo", "/", "/")]
    [InlineData("/foo", "/foo", "/", "/")]
    [InlineData("/foo/bar", "/", "/xyz", "/xyz/foo/bar")]
    [InlineData("/", "/", "/xyz", "/xyz/")]
    [InlineData("/", "/", "", "/")]
    public void Apply_ReplacePrefixMatch_IsAsTheTableSays(string path, string prefix, string with, string expected) =>
        Assert.Equal(expected, PathEditing.Apply(new(PathEditKind.ReplacePrefixMatch, with), new(PathMatchKind.Prefix, prefix), path));

    [Fact]
    public void Apply_ReplaceFullPath_LeavesNothingOfTheOld() =>
        Assert.Equal("/x", PathEditing.Apply(new(PathEditKind.ReplaceFullPath, "/x"), new(PathMatchKind.Prefix, "/foo"), "/foo/bar"));

    [Fact]
    public void Apply_NoEdit_IsThePath() => Assert.Equal("/foo", PathEditing.Apply(null, PathMatch.All, "/foo"));
}
