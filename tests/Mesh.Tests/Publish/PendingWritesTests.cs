using System.Text;
using ClusterMesh.Mesh.Publish.Sync;

namespace ClusterMesh.Mesh.Tests.Publish;

public sealed class PendingWritesTests
{
    private readonly PendingWrites _pending = new();
    private readonly Dictionary<string, ReadOnlyMemory<byte>?> _wanted = [];
    private readonly Dictionary<string, Standing> _standing = [];

    [Fact]
    public void Take_OnlyWhatDiffers_PutsAndDeletes()
    {
        (_wanted["same"], _standing["same"]) = (Bytes("1"), new(Bytes("1"), 7, 1));
        (_wanted["changed"], _standing["changed"]) = (Bytes("2"), new(Bytes("1"), 7, 1));
        (_wanted["strangers-lease"], _standing["strangers-lease"]) = (Bytes("1"), new(Bytes("1"), 0, 1));
        (_wanted["left"], _standing["left"]) = (null, new(Bytes("1"), 7, 1));
        _wanted["left-too"] = null;
        _wanted["new"] = Bytes("3");
        _standing["gone"] = new(Bytes("1"), 7, 1);

        Assert.Equal(["changed=2", "strangers-lease=1", "new=3", "gone"], Take());
        Assert.Equal(0, _pending.Count);
    }

    [Fact]
    public void Take_ChangedSinceItWasQueued_TakesTheNewest()
    {
        _wanted["a"] = Bytes("1");
        _wanted["b"] = Bytes("1");
        _pending.Compare(_wanted, _standing);
        _wanted["a"] = Bytes("2");
        _wanted.Remove("b");

        Assert.Equal(["a=2"], Take());
    }

    [Fact]
    public void Take_Limits_BoundOneTransaction()
    {
        foreach (var n in Enumerable.Range(0, 5)) _wanted[$"k{n}"] = new byte[100];

        Assert.Equal(2, Next(2, 1000).Count);
        Assert.Single(Next(5, 150));
        Assert.Single(Next(5, 1));
        Assert.Single(Next(5, 1000));
        Assert.Empty(Next(5, 1000));
    }

    private List<Write> Next(int most, int bytes)
    {
        _pending.Compare(_wanted, _standing);
        var writes = _pending.Take(_wanted, _standing, most, bytes);
        foreach (var write in writes) _standing[write.Key] = new(write.Value!.Value, 7, 1);
        return writes;
    }

    private IEnumerable<string> Take()
    {
        _pending.Compare(_wanted, _standing);
        return _pending.Take(_wanted, _standing, 127, 1000).Select(write => write.Value is { } value ? $"{write.Key}={Encoding.UTF8.GetString(value.Span)}" : write.Key);
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
