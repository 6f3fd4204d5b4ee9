using System.Globalization;
using System.Text.RegularExpressions;
using ClusterMesh.Cli.Lab;

namespace ClusterMesh.Lab.Tests.Whole;

/// <summary>What the underlay can be made to do.</summary>
public sealed class LinksTests(TwoClusters clusters) : IClassFixture<TwoClusters>
{
    private const string Client = "west/default/x-wing", Remote = "east";

    private RunningLab Lab => clusters.Lab;

    [KernelTheory]
    [InlineData(Remote)]
    [InlineData("east-node-1")]
    public async Task Link_CutAndHealed_IsGoneAndThere(string target)
    {
        var url = $"http://{clusters.Address("east/rebel-base-1")}:8080/";
        await using var healed = new Healed(Lab, target);
        await Lab.CutAsync(target);
        Assert.Equal(0, (await Lab.HttpAsync(Client, url)).Status);
        Assert.Equal(200, (await Lab.HttpAsync(Client, $"http://{clusters.Address("west/rebel-base-1")}:8080/")).Status);
        await Lab.HealAsync(target);
        await Eventually.TrueAsync(async () => (await Lab.HttpAsync(Client, url)).Status == 200, "the healed link carries");
    }

    [KernelTheory]
    [InlineData(Remote)]
    [InlineData("east-node-1")]
    public async Task Link_MadeLong_TakesAtLeastThatLong(string target)
    {
        var before = await RoundTripAsync();
        Assert.True(before < 100, $"{before} ms without delay");
        await Lab.DelayAsync(target, TimeSpan.FromMilliseconds(150));
        await using var healed = new Healed(Lab, target);
        Assert.InRange(await RoundTripAsync(), 150, double.MaxValue);
        Assert.Equal(200, (await Lab.HttpAsync(Client, $"http://{clusters.Address("east/rebel-base-1")}:8080/?bytes=1000000", TimeSpan.FromSeconds(10))).Status);
        await Lab.HealAsync(target);
        await Eventually.TrueAsync(async () => await RoundTripAsync() < 100, "the healed link is short");
    }

    [KernelFact]
    public async Task Link_MadeLossy_Loses()
    {
        await using var healed = new Healed(Lab, Remote);
        await Lab.LoseAsync(Remote, 1);
        Assert.Equal(0, (await Lab.HttpAsync(Client, $"http://{clusters.Address("east/rebel-base-2")}:8080/")).Status);
        Assert.Equal(200, (await Lab.HttpAsync("east/default/x-wing", $"http://{clusters.Address("east/rebel-base-2")}:8080/")).Status);
        await Lab.HealAsync(Remote);
        await Eventually.TrueAsync(async () => (await Lab.HttpAsync(Client, $"http://{clusters.Address("east/rebel-base-2")}:8080/")).Status == 200, "the healed link loses nothing");
    }

    [KernelFact]
    public async Task Link_ThatIsNotThere_IsRefused() =>
        Assert.Equal(
            "no link to 'north'; there are east, east-node-1, east-node-2, outside, west, west-node-1, west-node-2",
            (await Assert.ThrowsAsync<LabException>(() => Lab.CutAsync("north"))).Message);

    /// <summary>A test that fails leaves no link to the next one as it should not be.</summary>
    private sealed class Healed(RunningLab lab, string target) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await lab.HealAsync(target);
    }

    /// <summary>In milliseconds.</summary>
    private async Task<double> RoundTripAsync()
    {
        var ping = await Lab.ExecAsync(Client, default, "ping", "-n", "-c", "2", "-i", "0.3", "-W", "5", clusters.Address("east/rebel-base-1"));
        var times = Regex.Matches(ping.Output, "time=([0-9.]+) ms").Select(time => double.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        return times.Count > 0 ? times.Min() : double.MaxValue;
    }
}
