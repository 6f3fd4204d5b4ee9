using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Lab.Tests.Network;

public sealed class LabConnectionTests
{
    [Fact]
    public void Read_OfAnEchosAnswer_SaysWhoItWas()
    {
        var answer = LabConnection.Read("HTTP/1.1 200 OK\r\nX-Echo-Cluster: cluster-2\r\nx-echo-pod: rebel-base-3\r\nx-echo-version: v1\r\n\r\n{}");
        Assert.Equal((200, "cluster-2", "rebel-base-3", "v1", "{}", null), (answer.Status, answer.Cluster, answer.Pod, answer.Version, answer.Body, answer.Failure));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH\r\n")]
    [InlineData("HTTP/1.1 OK\r\n\r\n")]
    [InlineData("HTTP/1.1")]
    public void Read_OfAnythingElse_IsAFailure(string text)
    {
        var answer = LabConnection.Read(text);
        Assert.Equal((0, "no HTTP"), (answer.Status, answer.Failure));
        Assert.Null(answer.Cluster);
    }
}
