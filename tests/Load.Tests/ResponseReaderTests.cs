using System.Text;
using ClusterMesh.Load.Http;

namespace ClusterMesh.Load.Tests;

public sealed class ResponseReaderTests
{
    private const string Counted = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx-echo-cluster: east\r\nX-Echo-Version: v2\r\n\r\nhello";
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nt: 1\r\n\r\n";

    [Theory]
    [InlineData(Counted)]
    [InlineData(Chunked)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    public void Feed_InPiecesOfAnySize_IsCompleteAtTheLastByteOnly(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var size = 1; size <= bytes.Length; size++)
        {
            var reader = new ResponseReader();
            for (var at = 0; at < bytes.Length; at += size)
            {
                var piece = bytes.AsSpan(at, Math.Min(size, bytes.Length - at));
                var expected = at + size >= bytes.Length ? ReadState.Complete : ReadState.Incomplete;
                Assert.Equal(expected, reader.Feed(piece));
            }
        }
    }

    [Fact]
    public void Feed_Labels_AreReadWhateverTheirCase()
    {
        var reader = Fed(Counted);

        Assert.Equal(("east", "v2"), (reader.Head.Cluster, reader.Head.Version));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false)]
    public void Head_Close_FollowsVersionAndConnection(string text, bool close) => Assert.Equal(close, Fed(text).Head.Close);

    [Theory]
    [InlineData("HTTP/2 200\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab")]
    public void Feed_WhatIsNoSingleResponse_IsMalformed(string text) =>
        Assert.Equal(ReadState.Malformed, new ResponseReader().Feed(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Feed_AHeadWithoutEnd_IsMalformedOnceItIsTooLong() =>
        Assert.Equal(ReadState.Malformed, new ResponseReader().Feed(new byte[16 * 1024]));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nsome", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\n", false)]
    public void CompleteAtClose_OnlyWithoutAnyOtherFraming(string text, bool complete) => Assert.Equal(complete, Fed(text).CompleteAtClose);

    private static ResponseReader Fed(string text)
    {
        var reader = new ResponseReader();
        reader.Feed(Encoding.ASCII.GetBytes(text));
        return reader;
    }
}
