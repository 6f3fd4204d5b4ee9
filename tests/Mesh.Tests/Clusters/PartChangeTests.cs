using System.Text;
using ClusterMesh.Mesh.Clusters.Reading;
using ClusterMesh.Mesh.Clusters.State;

namespace ClusterMesh.Mesh.Tests.Clusters;

public sealed class PartChangeTests
{
    private readonly PartState<uint, string> _state = new(RemotePart.Identities, EqualityComparer<uint>.Default);

    [Fact]
    public void Commit_WholeList_SweepsWhatDidNotCome()
    {
        List(("65537", Labels("a")), ("65538", Labels("b")));
        List(("65538", Labels("b")), ("65539", Labels("c")));

        Assert.Equal([65538u, 65539u], _state.Values.Keys.Order());
    }

    [Fact]
    public void Commit_SameBytes_IsNoChangeAndTheSameReferences()
    {
        List(("65537", Labels("a")));
        var before = _state.Values;

        Assert.False(List(("65537", Labels("a"))));
        Assert.Same(before, _state.Values);
        Assert.False(Change(change => change.Put("65537", Labels("a"))));
        Assert.Same(before, _state.Values);
    }

    [Fact]
    public void Commit_OneChanged_KeepsTheOthersReferences()
    {
        List(("65537", Labels("a")), ("65538", Labels("b")));
        var kept = _state.Values[65538];

        Assert.True(List(("65537", Labels("z")), ("65538", Labels("b"))));
        Assert.Same(kept, _state.Values[65538]);
    }

    [Fact]
    public void Put_BadValue_KeepsTheLastGoodOne()
    {
        List(("65537", Labels("a")));
        var before = _state.Values[65537];

        Assert.False(Change(change => Assert.Equal(PutOutcome.KeptLast, change.Put("65537", "bad"u8))));
        Assert.Same(before, _state.Values[65537]);
        List(("65537", "bad"u8.ToArray()));
        Assert.Same(before, _state.Values[65537]);
    }

    [Fact]
    public void Put_TooLargeValue_KeepsTheLastGoodOne()
    {
        List(("65537", Labels("a")));

        var change = new PartChange<uint, string>(_state, new IdentityReader("c1", 1), 1, whole: false);
        change.Put("65537", new byte[RemoteLimits.Value + 1]);
        change.Commit();

        Assert.Equal([(IgnoredReason.TooLarge, 1)], change.Ignored.Select(pair => (pair.Key, pair.Value)));
        Assert.Single(_state.Values);
    }

    [Fact]
    public void Delete_AfterABadValue_Deletes()
    {
        List(("65537", Labels("a")));
        Change(change => change.Put("65537", "bad"u8));

        Assert.True(Change(change => change.Delete("65537")));
        Assert.Empty(_state.Values);
    }

    [Fact]
    public void Put_AnotherClusterId_BelievesNothingOfTheOldOne()
    {
        List(("65537", Labels("a")));

        var change = new PartChange<uint, string>(_state, new IdentityReader("c1", 2), 2, whole: true);
        Assert.Equal(PutOutcome.Ignored, change.Put("65537", Labels("a")));
        Assert.Equal(PutOutcome.Believed, change.Put("131073", Labels("a")));
        change.Commit();

        Assert.Equal([131073u], _state.Values.Keys);
    }

    [Fact]
    public void Put_MoreKeysThanAreTaken_AreIgnored()
    {
        var nodes = new PartState<string, string>(RemotePart.Nodes, StringComparer.Ordinal);
        var change = new PartChange<string, string>(nodes, new AnyReader(), 1, whole: true);
        for (var i = 0; i < RemoteLimits.Keys(RemotePart.Nodes) + 5; i++) change.Put($"n{i}", "x"u8);
        change.Commit();

        Assert.Equal(RemoteLimits.Keys(RemotePart.Nodes), nodes.Values.Count);
        Assert.Equal(5, change.Ignored[IgnoredReason.TooMany]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("01234567")]
    [InlineData("012345678")]
    public void ValueHash_OneBitOff_Differs(string text)
    {
        var value = Encoding.UTF8.GetBytes(text);
        Assert.Equal(ValueHash.Of(value), ValueHash.Of([.. value]));
        Assert.NotEqual(ValueHash.Of(value), ValueHash.Of([.. value, 0]));
        for (var bit = 0; bit < value.Length * 8; bit++)
        {
            var other = value.ToArray();
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(ValueHash.Of(value), ValueHash.Of(other));
        }
    }

    private static byte[] Labels(string app) => Encoding.UTF8.GetBytes($"k8s:app={app};k8s:io.cilium.k8s.policy.cluster=c1;");

    private bool List(params (string Name, byte[] Value)[] items) => Change(change =>
    {
        foreach (var (name, value) in items) change.Put(name, value);
    }, whole: true);

    private bool Change(Action<PartChange<uint, string>> step, bool whole = false)
    {
        var change = new PartChange<uint, string>(_state, new IdentityReader("c1", 1), 1, whole);
        step(change);
        return change.Commit();
    }

    private sealed class AnyReader : IPartReader<string, string>
    {
        public bool TryKey(string name, out string key)
        {
            key = name;
            return true;
        }

        public Reading<string> Read(string key, ReadOnlySpan<byte> value) => Reading<string>.Of(key);
    }
}
