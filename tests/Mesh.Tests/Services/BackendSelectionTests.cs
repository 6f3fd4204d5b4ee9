using System.Collections.Immutable;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Mesh.Tests.Services;

/// <summary>
/// Every line of the affinity rule (cilium.md 1.6) and of ours (design.md). A case reads: what each cluster has, as letters
/// (A active, X active but ejected, T terminating, N not ready), then what is chosen.
/// </summary>
public sealed class BackendSelectionTests
{
    [Theory]
    // not global: local only
    [InlineData("w:AA e:AA", "w100 local")]
    [InlineData("w:AX e:AA", "w100 local")]
    [InlineData("w:XX e:AA", "w100 panic")]
    [InlineData("w:T e:AA", "w100 failover")]
    [InlineData("w:N e:AA", "")]
    [InlineData("e:AA", "")]
    public void Select_NotGlobal_LocalOnly(string have, string expected)
    {
        // A source hands remote backends only to global services; a mode that is not global sees its own.
        var local = string.Join(' ', have.Split(' ').Where(part => part.StartsWith("w:", StringComparison.Ordinal)));
        Assert.Equal(expected, Choose(ServiceMode.NotGlobal, local));
    }

    [Theory]
    [InlineData("w:AA e:AA", "e+w100 pool")]
    [InlineData("w:A e:AAA", "e+w100 pool")]
    [InlineData("w:XX e:AA", "e100 pool")]
    [InlineData("e:AA", "e100 pool")]
    [InlineData("w:T e:A", "e100 pool")]
    [InlineData("w:T e:T", "e+w100 failover")]
    [InlineData("w:X e:X", "e+w100 panic")]
    [InlineData("w:X e:T", "e100 failover")]
    [InlineData("w:N e:N", "")]
    public void Select_AffinityNone_OneFlatPool(string have, string expected) =>
        Assert.Equal(expected, Choose(new() { Global = true }, have));

    [Theory]
    [InlineData("w:AA e:AA", "w100 affinity")]
    [InlineData("w:AX e:AA", "w100 affinity")]
    [InlineData("w:XX e:AA", "e100 failover")]
    [InlineData("w:NN e:AA", "e100 failover")]
    [InlineData("e:AA", "e100 failover")]
    // A terminating local backend does not block failover, and takes nothing while an active one exists anywhere.
    [InlineData("w:T e:AA", "e100 failover")]
    [InlineData("w:AT e:AA", "w100 affinity")]
    [InlineData("w:T e:T", "e+w100 failover")]
    [InlineData("w:T", "w100 failover")]
    [InlineData("w:X e:X", "e+w100 panic")]
    [InlineData("w:XX e:A n:A", "e+n100 failover")]
    [InlineData("", "")]
    public void Select_AffinityLocal_RemoteOnlyWithoutHealthyLocal(string have, string expected) =>
        Assert.Equal(expected, Choose(new() { Global = true, Affinity = Affinity.Local }, have));

    [Theory]
    [InlineData("w:AA e:AA", "e100 affinity")]
    [InlineData("w:AA e:XX", "w100 failover")]
    [InlineData("w:AA", "w100 failover")]
    [InlineData("w:AA e:T", "w100 failover")]
    [InlineData("w:AA e:A n:A", "e+n100 affinity")]
    [InlineData("w:X e:X", "e+w100 panic")]
    public void Select_AffinityRemote_LocalOnlyWithoutHealthyRemote(string have, string expected) =>
        Assert.Equal(expected, Choose(new() { Global = true, Affinity = Affinity.Remote }, have));

    [Theory]
    [InlineData(Affinity.Local, "w:A e:A n:A s:A", "w100 affinity")]
    [InlineData(Affinity.Local, "w:X e:A n:A s:A", "n100 failover")]
    [InlineData(Affinity.Local, "w:X e:A n:X s:A", "e100 failover")]
    [InlineData(Affinity.Local, "w:X e:X n:X s:A", "s100 failover")]
    [InlineData(Affinity.Remote, "w:A e:A n:A s:A", "n100 affinity")]
    [InlineData(Affinity.Remote, "w:A e:X n:X s:A", "s100 failover")]
    [InlineData(Affinity.Remote, "w:A e:X n:X s:X", "w100 failover")]
    public void Select_ClusterOrder_FailsOverInThatOrder(Affinity affinity, string have, string expected) =>
        Assert.Equal(expected, Choose(new() { Global = true, Affinity = affinity, ClusterOrder = ["n", "e"] }, have));

    [Theory]
    [InlineData("w:AA e:AA", "e25 weight, w75 weight")]
    [InlineData("w:AX e:AA", "e25 weight, w75 weight")]
    [InlineData("w:XX e:AA", "e25 weight, lost 75")]
    [InlineData("w:AA e:N", "w75 weight, lost 25")]
    [InlineData("w:XX e:XX n:A", "n100 failover")]
    [InlineData("w:AA e:AA n:AA", "e25 weight, w75 weight")]
    [InlineData("w:X e:X", "e+w100 panic")]
    public void Select_ClusterWeights_BoundedByWhatIsHealthy(string have, string expected) =>
        Assert.Equal(expected, Choose(new() { Global = true, Affinity = Affinity.Local, ClusterWeights = [new("w", 75), new("e", 25)] }, have));

    [Theory]
    [InlineData("w:AAAA e:AAAA", "w100 affinity")]
    [InlineData("w:AAXX e:AAAA", "w100 affinity")]
    [InlineData("w:AXXX e:AAAA", "w50 affinity, e50 spill")]
    [InlineData("w:ANNN e:AAAA", "w50 affinity, e50 spill")]
    [InlineData("w:XXXX e:AAAA", "e100 failover")]
    [InlineData("w:AXXX e:AXXX", "w50 affinity, e50 spill")]
    public void Select_MinHealthy_SpillsBeforeTheLastIsGone(string have, string expected) =>
        Assert.Equal(expected, Choose(HalfHealthy, have));

    [Fact]
    public void Select_MinHealthy_ReturnsOnlyAboveTheThreshold()
    {
        var before = Select(HalfHealthy, "w:AXXXXXXXXX e:AAAAAAAAAA", null);
        Assert.Equal("w", Assert.Single(before.Spilling));
        var atThreshold = Select(HalfHealthy, "w:AAAAAXXXXX e:AAAAAAAAAA", before);
        Assert.Equal("w83 affinity, e17 spill", Text(atThreshold));
        var above = Select(HalfHealthy, "w:AAAAAAXXXX e:AAAAAAAAAA", atThreshold);
        Assert.Equal("w100 affinity", Text(above));
        Assert.Equal("w100 affinity", Text(Select(HalfHealthy, "w:AAAAAXXXXX e:AAAAAAAAAA", above)));
    }

    [Fact]
    public void Select_AffinityToggledLive_FollowsEachTime()
    {
        const string Have = "w:AA e:AA";
        Selection? last = null;
        foreach (var (affinity, expected) in new[] { (Affinity.None, "e+w100 pool"), (Affinity.Local, "w100 affinity"), (Affinity.Remote, "e100 affinity"), (Affinity.Local, "w100 affinity"), (Affinity.None, "e+w100 pool") })
        {
            last = Select(new() { Global = true, Affinity = affinity }, Have, last);
            Assert.Equal(expected, Text(last));
        }
    }

    [Theory]
    [InlineData("w:XX e:AA", "affinity local: no healthy backend in w, so 2 of 2 healthy in e")]
    [InlineData("w:AX e:AA", "affinity local: 1 of 2 healthy in w")]
    [InlineData("w:X", "panic: no backend is healthy, so all are tried")]
    public void Select_Why_NamesWhatDecided(string have, string why) =>
        Assert.Equal(why, Select(new() { Global = true, Affinity = Affinity.Local }, have, null).Why);

    private static ServiceMode HalfHealthy => new() { Global = true, Affinity = Affinity.Local, MinHealthy = new(0.5, null) };

    private static string Choose(ServiceMode mode, string have) => Text(Select(mode, have, null));

    private static Selection Select(ServiceMode mode, string have, Selection? previous)
    {
        var backends = ImmutableArray.CreateBuilder<Backend>();
        var healthy = new List<bool>();
        foreach (var part in have.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var letter in part[2..])
            {
                var state = letter switch { 'T' => BackendState.Terminating, 'N' => BackendState.NotReady, _ => BackendState.Active };
                backends.Add(new(part[..1], $"10.0.0.{backends.Count}", 80, state));
                healthy.Add(letter != 'X');
            }
        }

        return BackendSelection.Select(mode, "w", backends.ToImmutable(), healthy.ToArray(), previous);
    }

    private static string Text(Selection selection)
    {
        var total = selection.Pools.Sum(pool => pool.Weight);
        var weights = selection.Lost > 0 || selection.Pools.Any(pool => pool.Reason == PoolReason.Weight);
        var pools = selection.Pools.Select(pool => $"{string.Join('+', pool.Clusters)}{(weights ? pool.Weight : Math.Round(100.0 * pool.Weight / total))} {pool.Reason.Text()}");
        if (weights) pools = pools.Order(StringComparer.Ordinal);
        return string.Join(", ", selection.Lost > 0 ? pools.Append($"lost {selection.Lost}") : pools);
    }
}
