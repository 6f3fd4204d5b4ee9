using System.Collections;
using System.Net;
using ClusterMesh.Agent.Options;
using ClusterMesh.Mesh.Hosting;

namespace ClusterMesh.Agent.Tests.Options;

public sealed class OptionsReaderTests
{
    private static readonly string s_directory = Path.GetTempPath();

    [Fact]
    public void Read_OnlyWhatIsNeeded_TakesTheDefaults()
    {
        var (options, errors) = Read("cluster=west", "cluster-id=1", $"manifests={s_directory}");

        Assert.Empty(errors);
        Assert.Equal(("west", 1, Environment.MachineName), (options!.Cluster, options.ClusterId, options.Node));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9902), options.Admin);
        Assert.Equal((null, null, null), (options.Etcd, options.Remotes, options.Socket));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, options.SocketMode);
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromMinutes(15)), (options.RemoteTtl, options.LeaseTtl));
        // There is nowhere to mirror to.
        Assert.False(options.RemoteCache);
    }

    [Theory]
    [InlineData("none", 64250u)]
    [InlineData("ebpf", 64250u)]
    [InlineData("none", null)]
    public void Read_AProxysGroup_IsThereWithAndWithoutADataPath(string datapath, uint? group)
    {
        var etcd = Path.GetTempFileName();
        try
        {
            var (options, errors) = Read(["cluster=west", "cluster-id=1", $"manifests={s_directory}", $"etcd={etcd}", $"datapath={datapath}", .. group is null ? Array.Empty<string>() : [$"proxy-group={group}"]]);
            Assert.Empty(errors);
            Assert.Equal((group, datapath == "ebpf"), (options!.ProxyGroup, options.Datapath is not null));
        }
        finally
        {
            File.Delete(etcd);
        }
    }

    [Theory]
    [InlineData("cluster-id=0", "--cluster-id: \"0\" is not a number from 1 to 255")]
    [InlineData("cluster-id=256", "--cluster-id: \"256\" is not a number from 1 to 255")]
    [InlineData("node-ip=nonsense", "--node-ip: \"nonsense\" is not an address")]
    [InlineData("etcd=/no/such/file", "--etcd: /no/such/file is not a file")]
    [InlineData("remotes=/no/such/directory", "--remotes: /no/such/directory is not a directory")]
    [InlineData("socket-mode=9", "--socket-mode: \"9\" is not a mode like 660")]
    [InlineData("election-ttl=1s", "--election-ttl: 1 s is less than 2 s")]
    [InlineData("heartbeat=5h", "--heartbeat: \"5h\" is not a time")]
    [InlineData("datapath=xdp", "--datapath: \"xdp\" is not known; there are none, ebpf")]
    [InlineData("datapath=ebpf", "--datapath: ebpf needs --etcd")]
    [InlineData("routing=fast", "--routing: \"fast\" is not known; there are tunnel, direct, hybrid")]
    [InlineData("pod-cidr=10.0.0.0/30", "--pod-cidr: 10.0.0.0/30 is not a range for the pods of one node")]
    [InlineData("pod-cidr=fd00::/64", "--pod-cidr: fd00::/64 is not IPv4")]
    [InlineData("probe-interval=10ms", "--probe-interval: 10 ms is less than 100 ms")]
    [InlineData("probe-port=70000", "--probe-port: \"70000\" is not a number from 0 to 65535")]
    [InlineData("device=a b", "--device: \"a b\" is not a name of an interface")]
    public void Read_AWrongValue_IsNamedWithTheFlag(string setting, string error)
    {
        var (options, errors) = Read("cluster=west", "cluster-id=1", $"manifests={s_directory}", setting);

        Assert.Null(options);
        Assert.StartsWith(error, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Nothing_TellsAllThatIsNeededAtOnce()
    {
        var (_, errors) = Read();

        Assert.Equal(["--cluster: is needed", "--cluster-id: is needed", "--manifests: is needed"], errors);
    }

    private static (AgentOptions? Options, IReadOnlyList<string> Errors) Read(params string[] settings)
    {
        var environment = new Hashtable();
        foreach (var setting in settings) environment[$"CLUSTERMESH_AGENT_{setting[..setting.IndexOf('=')].Replace('-', '_').ToUpperInvariant()}"] = setting[(setting.IndexOf('=') + 1)..];
        var flags = new FlagReader(FlagValues.Read(AgentFlags.Table, static _ => [], environment));
        return (new OptionsReader(flags).Read(), flags.Errors);
    }
}
