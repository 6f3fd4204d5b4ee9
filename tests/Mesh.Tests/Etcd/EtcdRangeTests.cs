using ClusterMesh.Mesh.Etcd;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Tests.Etcd;

public sealed class EtcdRangeTests
{
    [Theory]
    [InlineData("a", "62")]
    [InlineData("cilium/", "63696C69756D30")]
    [InlineData("a\u007f", "6180")]
    [InlineData("", "00")]
    public void End_OfPrefix_IsTheFirstKeyBehindIt(string prefix, string end) =>
        Assert.Equal(end, Convert.ToHexString(EtcdRange.End(prefix).Span));

    [Fact]
    public void Begin_OfNoPrefix_IsTheSmallestKey() => Assert.Equal("00", Convert.ToHexString(EtcdRange.Begin("").Span));

    [Fact]
    public void After_Key_IsTheNextPossibleOne() => Assert.Equal("6100", Convert.ToHexString(EtcdRange.After(ByteString.CopyFromUtf8("a")).Span));

    [Theory]
    [InlineData("3.4.23", false)]
    [InlineData("3.4.25", true)]
    [InlineData("3.5.7", false)]
    [InlineData("3.5.8", true)]
    [InlineData("3.6.0-rc.1", true)]
    [InlineData("3.3.27", false)]
    [InlineData("", false)]
    public void Version_TellsProgress_SinceItWasMended(string version, bool tells) => Assert.Equal(tells, EtcdVersion.TellsProgress(version));
}
