// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

/// <summary>Why a packet was dropped, in Cilium's numbers.</summary>
public enum DropReason : byte
{
    InvalidSource = 132,
    Policy = 133,
    InvalidPacket = 134,
    UnsupportedL3 = 139,
    WriteError = 141,
    NoTunnelKey = 147,
    Unroutable = 151,
    ConnectionInsert = 155,
    NoService = 158,
    NoTunnelEndpoint = 160,
    NoProxy = 161,
    NoPolicyMap = 165,
    InvalidIdentity = 171,
    UnknownSender = 172,
    FragmentNotFound = 175,
    ProxyUnsupported = 180,
    PolicyDeny = 181,
    InvalidCluster = 192,
}

/// <summary>What else is counted.</summary>
public enum PassReason : byte
{
    Local = 1,
    Tunnel = 2,
    Stack = 3,
    Arp = 4,
    Proxy = 5,
    UnknownIdentity = 16,
    LostEvent = 17,
    LimitedEvent = 18,
    Service = 19,
    Refused = 20,
    ProxyBypass = 21,
}
