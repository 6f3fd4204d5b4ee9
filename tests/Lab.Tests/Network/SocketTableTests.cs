using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Lab.Tests.Network;

public sealed class SocketTableTests
{
    [Fact]
    public void Tcp_ThatListens_IsFound() => Assert.Equal([("TCP", 8080)], SocketTable.Listening("tcp", """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
           1: 0B01010A:1F91 0C01010A:9C40 01 00000000:00000000 00:00000000 00000000     0        0 2 1
        """));

    [Fact]
    public void Udp_ThatIsBound_IsFound() => Assert.Equal([("UDP", 53)], SocketTable.Listening("udp6", """
          sl  local_address                         remote_address                        st tx_queue rx_queue
           0: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000
        """));
}
