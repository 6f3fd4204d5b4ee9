namespace ClusterMesh.Bpf;

/// <summary>This kernel, or this machine, lacks what the data path needs; the message names each thing and since when kernels have it.</summary>
public sealed class UnsupportedKernelException(string message) : Exception(message);
