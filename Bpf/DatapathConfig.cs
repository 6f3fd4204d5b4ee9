using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf;

/// <summary>How one node's data path is loaded.</summary>
public sealed record DatapathConfig
{
    /// <summary>The built objects; beside the binary by default.</summary>
    public string ObjectDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "bpf");

    /// <summary>This node's own directory in a BPF file system; null: nothing outlives this process but filters of clsact.</summary>
    public string? PinDirectory { get; init; }

    /// <summary>The group of the node's proxy, which may open by the pins what <see cref="ProxyMaps"/> needs, and nothing else; null: root alone.</summary>
    public uint? ProxyGroup { get; init; }

    public Settings Settings { get; init; } = new();

    /// <summary>clsact filters even where the kernel has tcx.</summary>
    public bool PreferClsact { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
