using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// How to reach one etcd cluster: Cilium's client file (cilium.md 1.3), a YAML map with <c>endpoints</c>, <c>trusted-ca-file</c>,
/// <c>cert-file</c> and <c>key-file</c>. Files that are not absolute are relative to the file that names them; they are read again
/// when they change, so that a renewed certificate needs no restart.
/// </summary>
public sealed record EtcdConfig(ImmutableArray<Uri> Endpoints)
{
    /// <summary>PEM file of the CAs that sign the server's certificate; null = plain http, or the machine's own CAs for https.</summary>
    public string? TrustedCaFile { get; init; }

    public string? CertFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>How long one unary call may take over all endpoints.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a watch tries to go on by itself when no endpoint answers.</summary>
    public TimeSpan GiveUp { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Keys of one page of a list (platform.md B: 10,000 is the best).</summary>
    public int PageSize { get; init; } = 10_000;

    /// <summary>Largest answer that is accepted, in bytes.</summary>
    public int MaxMessage { get; init; } = 128 * 1024 * 1024;
}
