using ClusterMesh.Cli.Echo;

namespace ClusterMesh.Cli.Tests.Echo;

public sealed class DurationTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("1.5s", 1500)]
    [InlineData("2m", 120_000)]
    [InlineData("40", 40)]
    [InlineData("", null)]
    [InlineData("ms", null)]
    [InlineData("-1s", null)]
    [InlineData("9999m", null)]
    [InlineData("1h", null)]
    public void TryParse_AsWritten_IsTakenOrRefused(string text, int? milliseconds)
    {
        var taken = Duration.TryParse(text, out var duration);
        Assert.Equal(milliseconds, taken ? (int)duration.TotalMilliseconds : null);
    }
}
