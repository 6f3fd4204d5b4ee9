namespace ClusterMesh.Bpf.Libbpf;

internal static class Errno
{
    public const int NoEntry = 2, WouldBlock = 11, NoDevice = 19, Invalid = 22, NoSpace = 28, NoLink = 67, NotSupported = 524, Exists = 17, OperationNotSupported = 95;
}
