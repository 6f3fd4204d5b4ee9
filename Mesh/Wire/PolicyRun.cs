using ClusterMesh.Mesh.Wire.Protos;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Updates that take effect together.</summary>
internal sealed class PolicyRun
{
    /// <summary>About the largest size of one message, in bytes: a value over it goes alone.</summary>
    private const int Piece = 1024 * 1024;

    private readonly List<PoliciesUpdate> _updates = [];
    private readonly string _cluster;
    private int _size;

    public PolicyRun(string cluster, bool full)
    {
        _cluster = cluster;
        _updates.Add(new() { LocalCluster = cluster, Full = full });
    }

    /// <summary>For what is small.</summary>
    public PoliciesUpdate Open => _updates[^1];

    public void Add<T>(Func<PoliciesUpdate, RepeatedField<T>> field, T message) where T : IMessage
    {
        var size = message.CalculateSize();
        if (_size > 0 && _size + size > Piece)
        {
            _updates.Add(new() { LocalCluster = _cluster });
            _size = 0;
        }

        _size += size;
        field(Open).Add(message);
    }

    public IReadOnlyList<PoliciesUpdate> End()
    {
        Open.Last = true;
        return _updates;
    }
}
