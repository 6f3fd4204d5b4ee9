using ClusterMesh.Load.Bench;

namespace ClusterMesh.Load.Tests;

public sealed class BenchParsingTests
{
    private const string Wrk = """
        Running 1s test @ http://127.0.0.1:1/
          1 threads and 64 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency     1.52ms  500.00us  10.00ms   90.00%
          41000 requests in 1.00s, 10.00MB read
        {0}Requests/sec:  40999.25
        Transfer/sec:     10.00MB
        """;

    [Theory]
    [InlineData("", 0)]
    [InlineData("  Socket errors: connect 1, read 2, write 3, timeout 4\n", 10)]
    [InlineData("  Non-2xx or 3xx responses: 7\n", 7)]
    [InlineData("  Socket errors: connect 0, read 0, write 0, timeout 4\n  Non-2xx or 3xx responses: 7\n", 11)]
    public void WrkOutput_WithOrWithoutErrors_IsRead(string errors, long expected) =>
        Assert.Equal(new WrkOutput(40999.25, 41000, expected), WrkOutput.Parse(Wrk.Replace("{0}", errors, StringComparison.Ordinal)));

    [Fact]
    public void WrkOutput_WithoutARate_IsAnErrorThatQuotesIt() =>
        Assert.Contains("unable to connect", Assert.Throws<FormatException>(() => WrkOutput.Parse("unable to connect")).Message, StringComparison.Ordinal);

    [Fact]
    public void Figures_OfOurOwnGenerator_AreReadBack()
    {
        var tally = new Generator.Tally { Sent = 2, Ok = 2 };
        tally.Latency.Add(10);
        tally.Latency.Add(20);
        var text = "requests ...\n" + Generator.TallyText.Figures(tally, new Generator.Tally { Ok = 5 });

        Assert.Equal(new Figures(2, 0, 10, 20, 5), Figures.Parse(text));
    }

    [Fact]
    public void Cpu_OfAProcessWhoseNameHasBrackets_IsUserPlusSystem() =>
        Assert.Equal(TimeSpan.FromSeconds(3.5), Cpu.Parse("7 (a) b (c)) S 1 7 7 0 -1 4194304 1 0 0 0 250 100 9 9 20 0 1 0 5 1 1"));

    [Theory]
    [InlineData("0.35 0.67 0.45 1/96 11494", false)]
    [InlineData("36.13 34.90 20.36 4/183 9993", true)]
    public void Machine_WithOtherWork_IsBusy(string loadAverage, bool busy) => Assert.Equal(busy, MachineFacts.IsBusy(loadAverage));

    [Fact]
    public void Cpu_OfThisProcess_IsSome() => Assert.True(Cpu.UsedBy(Environment.ProcessId) > TimeSpan.Zero);
}
