using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterMesh.Cli.Echo;

namespace ClusterMesh.Cli.Tests.Echo;

public sealed class UdpEchoTests
{
    [Fact]
    public async Task Datagram_IsAnsweredWithWhoAnswersAndWhatCame()
    {
        using var echo = new UdpEcho([new(IPAddress.Loopback, 0)], new("rebel-base", "v2", "west", "pod-a"));
        using var client = new UdpClient();
        client.Connect((IPEndPoint)echo.Addresses.Single());
        foreach (var sent in new[] { "", "hello", new string('x', 9000) })
        {
            await client.SendAsync(Encoding.UTF8.GetBytes(sent));
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            Assert.Equal($"pod-a west v2\n{sent}", Encoding.UTF8.GetString((await client.ReceiveAsync(timeout.Token)).Buffer));
        }
    }
}
