using System.Runtime.InteropServices;

namespace ClusterMesh.Bpf;

/// <summary>The kernel or libbpf refused.</summary>
public sealed class BpfException(string what, int errno, string? log = null)
    : Exception($"{what}: {(errno == 0 ? "failed" : Marshal.GetPInvokeErrorMessage(errno))}{(log is { Length: > 0 } ? $"\n{log}" : "")}")
{
    public int Errno => errno;
}
