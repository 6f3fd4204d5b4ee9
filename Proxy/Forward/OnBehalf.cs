using System.Net;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Proxy.Forward;

/// <summary>
/// For whom a connection to a backend is opened. A socket has one mark and one source, so connections are never shared between callers
/// (ebpf.md section 4).
/// </summary>
/// <param name="Identity">The packets carry it; 0 = nobody's: an edge without a data path.</param>
/// <param name="Source">The backend sees this address; null = the node's own.</param>
internal readonly record struct OnBehalf(uint Identity, IPAddress? Source)
{
    /// <summary>
    /// Of a number of 25 bits, a CIDR's, the mark loses the highest; the programs know that it was there by the others (contract.h:
    /// IDENTITY_CIDR).
    /// </summary>
    public int Mark => (int)(Identity << 8) | (int)Bpf.Contract.Mark.FromProxy;
}
