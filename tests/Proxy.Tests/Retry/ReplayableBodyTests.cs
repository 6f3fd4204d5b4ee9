using ClusterMesh.Proxy.Retry;

namespace ClusterMesh.Proxy.Tests.Retry;

public sealed class ReplayableBodyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(ReplayableBody.Limit)]
    public async Task Rewind_UpToTheLimit_GivesTheSameBytesAgain(int length)
    {
        var bytes = Bytes(length);
        var body = new ReplayableBody(new MemoryStream(bytes));
        Assert.Equal(bytes, await ReadAllAsync(body));
        Assert.True(body.CanReplay);
        body.Rewind();
        Assert.Equal(bytes, await ReadAllAsync(body));
    }

    [Fact]
    public async Task Rewind_HalfRead_GoesOnWhereTheClientIs()
    {
        var bytes = Bytes(10_000);
        var body = new ReplayableBody(new MemoryStream(bytes));
        Assert.Equal(4_000, await body.ReadAtLeastAsync(new byte[4_000], 4_000));
        body.Rewind();
        Assert.Equal(bytes, await ReadAllAsync(body));
    }

    [Fact]
    public async Task Read_BeyondTheLimit_PassesThroughAndCannotReplay()
    {
        var bytes = Bytes(ReplayableBody.Limit + 1);
        var body = new ReplayableBody(new MemoryStream(bytes));
        Assert.Equal(bytes, await ReadAllAsync(body));
        Assert.False(body.CanReplay);
    }

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
