using System.Net;

namespace ClusterMesh.Bpf.Services;

/// <summary>An address and port that clients ask for.</summary>
/// <param name="Protocol">IP protocol number: 6 TCP, 17 UDP.</param>
public readonly record struct Frontend(IPAddress Address, ushort Port, byte Protocol)
{
    public override string ToString() => $"{Address}:{Port}/{(Protocol == 17 ? "UDP" : "TCP")}";
}
