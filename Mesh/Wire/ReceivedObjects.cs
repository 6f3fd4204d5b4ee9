using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Wire.Protos;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Wire;

/// <summary>One kind of what was received, and how a whole replaces what was there.</summary>
internal interface IReceived
{
    /// <summary>What is not told again until <see cref="End"/> is gone.</summary>
    void Begin();

    void End();

    void Remove(ObjectKey key);

    /// <summary>What changed has been used.</summary>
    void Built();
}

/// <summary>Objects of one kind by key. An equal message keeps the object that was made of it.</summary>
internal sealed class ReceivedObjects<TMessage, TObject>(Func<TMessage, TObject> decode, Func<TMessage, Meta> meta) : IReceived
    where TMessage : class, IMessage<TMessage> where TObject : class
{
    private readonly Dictionary<ObjectKey, (TMessage Message, TObject Object)> _known = [];
    private HashSet<ObjectKey>? _told;

    /// <summary>Something differs from what was last built.</summary>
    public bool Changed { get; private set; }

    public IEnumerable<TObject> Values => _known.Values.Select(known => known.Object);

    public TObject? Find(ObjectKey key) => _known.TryGetValue(key, out var known) ? known.Object : null;

    /// <summary>Gives the key, and whether the object is another one than before.</summary>
    public (ObjectKey Key, bool Changed) Take(TMessage message)
    {
        var key = new ObjectKey(meta(message).Namespace, meta(message).Name);
        _told?.Add(key);
        if (_known.TryGetValue(key, out var known) && known.Message.Equals(message)) return (key, false);
        _known[key] = (message, decode(message));
        Changed = true;
        return (key, true);
    }

    public void Begin() => _told = [];

    public void End()
    {
        foreach (var key in _known.Keys.Where(key => !_told!.Contains(key)).ToArray()) Remove(key);
        _told = null;
    }

    public void Remove(ObjectKey key) => Changed |= _known.Remove(key);

    public void Built() => Changed = false;
}
