namespace ClusterMesh.Bpf.Tests.Lab;

/// <summary>Somebody who is in no cluster, on a network of the node's where its services are offered.</summary>
internal sealed class Outside : IDisposable
{
    public const string NodeAddress = "203.0.113.1";

    public Outside(LabNode node)
    {
        Host = new("203.0.113.7", 0, 2, new("out-"));
        node.Netns.Run($"link add out0 type veth peer name out0 netns {Host.Netns.Name}", $"addr add {NodeAddress}/24 dev out0", "link set out0 up");
        Host.Netns.Run($"addr add {Host.Ip}/24 dev out0", "link set out0 up");
        node.Peer($"{NodeAddress}/32", 1);
        node.Offer("out0");
    }

    public LabPod Host { get; }

    public void Dispose() => Host.Dispose();
}
