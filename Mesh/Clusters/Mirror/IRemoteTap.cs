using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.Mirror;

/// <summary>
/// Hears what a remote tells, as it was written there, and only what is believed. Never blocks. Each part comes from one thread,
/// its list between <see cref="ListBegins"/> and <see cref="ListEnds"/>.
/// </summary>
internal interface IRemoteTap
{
    void Accepted(ClusterConfigRecord config);

    void Beats(ReadOnlyMemory<byte> heartbeat);

    void ListBegins(RemotePart part);

    /// <param name="name">The key without its prefix.</param>
    void Puts(RemotePart part, string name, ReadOnlyMemory<byte> value);

    /// <summary>The key is there, with a value that is not believed: what is known of it stays.</summary>
    void Keeps(RemotePart part, string name);

    void Deletes(RemotePart part, string name);

    /// <summary>What did not come since the list began is not there.</summary>
    void ListEnds(RemotePart part);

    /// <summary>Service data was aged out.</summary>
    void RevokesServices();
}
