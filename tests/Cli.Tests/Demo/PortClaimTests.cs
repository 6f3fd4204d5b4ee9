using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Demo;

namespace ClusterMesh.Cli.Tests.Demo;

public sealed class PortClaimTests
{
    private static readonly IPAddress[] Pods = [IPAddress.Loopback, IPAddress.Parse("127.37.0.1")];

    [Fact]
    public void TryTake_WithAPortInUse_TakesTheNext()
    {
        using var taken = new TcpListener(Pods[1], 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var next = Ports.Free(1)[0];
        using var claim = PortClaim.TryTake(Pods, [port, next]);
        Assert.Equal(next, claim?.Port);
        Assert.Null(PortClaim.TryTake(Pods, [port]));
    }

    [Fact]
    public void TryTake_ByASecondDemo_LeavesTheFirstOnesPortAloneUntilItEnds()
    {
        var port = Ports.Free(1)[0];
        using (PortClaim.TryTake(Pods, [port]))
        {
            Assert.True(Ports.IsFreeOn(Pods, port));
            Assert.Null(PortClaim.TryTake(Pods, [port]));
        }

        using var again = PortClaim.TryTake(Pods, [port]);
        Assert.NotNull(again);
    }
}
