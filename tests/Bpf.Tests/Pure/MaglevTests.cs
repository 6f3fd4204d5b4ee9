using ClusterMesh.Bpf.Services;

namespace ClusterMesh.Bpf.Tests.Pure;

public sealed class MaglevTests
{
    [Theory]
    [InlineData(251, "251", 1L)]
    [InlineData(1021, "511 510", 1L, 1L)]
    [InlineData(1021, "766 255", 75L, 25L)]
    [InlineData(1021, "1011 10", 99L, 1L)]
    [InlineData(251, "84 84 83", 5L, 5L, 5L)]
    [InlineData(251, "126 125", long.MaxValue, long.MaxValue)]
    public void Table_ByWeights_HasTheSharesExactToASlot(int size, string expected, params long[] weights)
    {
        var shares = Some(weights);
        var table = Maglev.Build(shares, size);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, weights.Length).Select(i => table.Count(slot => slot == i))));
    }

    [Theory]
    [InlineData(3, 251)]
    [InlineData(10, 251)]
    [InlineData(100, 2039)]
    public void Table_WithoutOneBackend_MovesFewOfTheOthersSlots(int backends, int size)
    {
        var all = Some([.. Enumerable.Repeat(1L, backends)]);
        var before = Owners(all, size);
        var after = Owners([.. all.Where((_, i) => i != 1)], size);
        var kept = Enumerable.Range(0, size).Where(slot => before[slot] != all[1].Backend).ToList();
        var moved = kept.Count(slot => before[slot] != after[slot]);
        Assert.InRange(moved, 0, kept.Count * 15 / 100);
    }

    [Fact]
    public void Table_HeavyBackend_IsSpreadOverAllSlots()
    {
        var table = Maglev.Build(Some([90, 10]), 1021);
        // In no tenth of the table does the light one have a quarter: its slots were not handed out first or last.
        Assert.All(table.Chunk(102).Take(10), part => Assert.InRange(part.Count(slot => slot == 1), 1, 30));
    }

    [Theory]
    [InlineData(0, false, "0")]
    [InlineData(1, false, "1")]
    [InlineData(2, false, "251")]
    [InlineData(13, false, "509")]
    [InlineData(2, true, "1021")]
    [InlineData(100, true, "2039")]
    [InlineData(5000, true, "16381")]
    public void Size_ByBackendsAndWeights_IsThePrimeThatIsEnough(int backends, bool weighted, string expected) =>
        Assert.Equal(expected, $"{Maglev.SizesFor(Some([.. Enumerable.Range(0, backends).Select(i => weighted && i == 0 ? 2L : 1L)])).First()}");

    [Fact]
    public void Size_WhereThereIsNoRoom_FallsToTheSmallestThatNamesThemAll() =>
        Assert.Equal([509, 31, 61, 127, 251], Maglev.SizesFor(Some([.. Enumerable.Repeat(1L, 20)])));

    private static BackendAddress[] Owners(BackendShare[] shares, int size) => [.. Maglev.Build(shares, size).Select(slot => shares[slot].Backend)];

    private static BackendShare[] Some(long[] weights) => [.. weights.Select((weight, i) => new BackendShare(Shares.Backend($"10.1.{i / 250}.{i % 250 + 1}:80"), weight))];
}
