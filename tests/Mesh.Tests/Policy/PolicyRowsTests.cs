using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Tests.Policy;

public sealed class PolicyRowsTests
{
    private static readonly RuleOrigin s_one = new("one", ""), s_other = new("other", "");

    [Theory]
    [InlineData(80, 80, "80/TCP")]
    [InlineData(0, 65535, "TCP")]
    [InlineData(1, 65535, "1/TCP 2-3/TCP 4-7/TCP 8-15/TCP 16-31/TCP 32-63/TCP 64-127/TCP 128-255/TCP 256-511/TCP 512-1023/TCP 1024-2047/TCP 2048-4095/TCP 4096-8191/TCP 8192-16383/TCP 16384-32767/TCP 32768-65535/TCP")]
    [InlineData(8000, 8100, "8000-8063/TCP 8064-8095/TCP 8096-8099/TCP 8100/TCP")]
    [InlineData(65535, 65535, "65535/TCP")]
    [InlineData(0, 0, "0/TCP")]
    public void PrefixesOf_Range_AreTheFewest(int first, int last, string prefixes) =>
        Assert.Equal(prefixes, string.Join(' ', PortPrefix.Of(new(IpProtocol.Tcp, (ushort)first, (ushort)last))));

    [Fact]
    public void PrefixesOf_AnyRange_MatchesThatRangeOnly()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var first = random.Next(65536);
            var last = random.Next(first, 65536);
            var prefixes = PortPrefix.Of(new(IpProtocol.Udp, (ushort)first, (ushort)last)).ToList();
            int[] ports = [0, 65535, first, last, Math.Max(first - 1, 0), Math.Min(last + 1, 65535), random.Next(65536), random.Next(first, last + 1)];
            Assert.All(ports, port => Assert.Equal(port >= first && port <= last ? 1 : 0, prefixes.Count(prefix => prefix.Matches(IpProtocol.Udp, (ushort)port))));
        }
    }

    [Fact]
    public void Of_DenyOfEverything_LeavesNoAllowUnderIt()
    {
        var rows = PolicyRows.Of([Allow(IpProtocol.Tcp, 80, 80), Allow(IpProtocol.Udp, 0, 65535), PolicyRow.Of(PortPrefix.Everything, true, s_other)]);

        Assert.Equal((PortPrefix.Everything, true), (Assert.Single(rows).Ports, rows[0].Denies));
    }

    [Fact]
    public void Of_DenyUnderAllow_StaysAndComesFirst()
    {
        var rows = PolicyRows.Of([PolicyRow.Of(PortPrefix.Everything, false, s_one), PolicyRow.Of(new(IpProtocol.Tcp, 22, 24), true, s_other)]);

        Assert.Equal("22/TCP any", string.Join(' ', rows.Select(row => row.Ports)));
    }

    [Fact]
    public void Of_AllowThatIsAllowedAnyway_IsLeftOut() =>
        Assert.Equal("TCP", string.Join(' ', PolicyRows.Of([Allow(IpProtocol.Tcp, 80, 80), Allow(IpProtocol.Tcp, 0, 65535)]).Select(row => row.Ports)));

    [Fact]
    public void Of_SamePortsTwice_FirstRuleIsNamedUnlessTheOtherDenies()
    {
        Assert.Equal(s_one, Assert.Single(PolicyRows.Of([Allow(IpProtocol.Tcp, 80, 80), PolicyRow.Of(new(IpProtocol.Tcp, 80, 24), false, s_other)])).Origin);
        Assert.Equal(s_other, Assert.Single(PolicyRows.Of([Allow(IpProtocol.Tcp, 80, 80), PolicyRow.Of(new(IpProtocol.Tcp, 80, 24), true, s_other)])).Origin);
    }

    [Fact]
    public void Precedence_IsCiliums() => Assert.Equal((0xffffffffu, 0xffffff01u), (PolicyPrecedence.Deny, PolicyPrecedence.Allow));

    private static PolicyRow Allow(IpProtocol protocol, ushort first, ushort last) => PolicyRow.Of(PortPrefix.Of(new(protocol, first, last)).Single(), false, s_one);
}
