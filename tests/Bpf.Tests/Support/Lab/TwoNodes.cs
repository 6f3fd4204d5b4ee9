using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf.Tests.Lab;

/// <summary>Two clusters of one node with two pods each, that know each other.</summary>
internal sealed class TwoNodes : IDisposable
{
    public TwoNodes(bool clsact = false)
    {
        try
        {
            First = new(1, clsact);
            Second = new(2, clsact);
            First.Netns.Run($"link add under0 type veth peer name under0 netns {Second.Netns.Name}");
            foreach (var node in new[] { First, Second })
            {
                node.Netns.Run($"addr add {node.Underlay}/24 dev under0", "link set under0 up");
                node.Start();
                node.AddPod();
                node.AddPod();
            }

            Introduce(First, Second);
            Introduce(Second, First);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public LabNode First { get; } = null!;

    public LabNode Second { get; } = null!;

    public void Dispose()
    {
        First?.Dispose();
        Second?.Dispose();
    }

    private static void Introduce(LabNode to, LabNode node)
    {
        to.Datapath.Nodes.Update(Programs.Addr(node.Underlay), new Node { ClusterId = node.Cluster });
        to.Peer($"10.{node.Number}.0.0/24", 0, node);
        to.Peer($"{node.Underlay}/32", 6);
        to.Netns.Run($"route add 10.{node.Number}.0.0/24 dev vx0 src {to.Inner} mtu 1450");
        foreach (var pod in node.Pods) to.Peer($"{pod.Ip}/32", pod.Identity, node);
    }
}
