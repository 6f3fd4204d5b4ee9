using System.Net;
using ClusterMesh.Load.Drills;
using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Bench;

/// <summary>How each proxy is started for the bench, all on the same CPU.</summary>
internal static class Contenders
{
    private static readonly Dictionary<string, string> Inline = new() { ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1" };

    public static IReadOnlyList<Contender> All(Stage stage, IPEndPoint backend, Action<string> skipped)
    {
        var contenders = new List<Contender>
        {
            DotNet(Contender.Forwarder, "ForwarderBaseline", a => [$"{a}", $"http://{backend}/"]),
            DotNet(Contender.Yarp, "YarpBaseline", a => [$"{a}", $"http://{backend}/", Contender.Host]),
            Native(Contender.Nginx, a => ["nginx", "-p", stage.Root, "-e", "stderr", "-c", stage.WriteFile("nginx.conf", NginxConfig.Proxy(a, backend))]),
            Native(Contender.Haproxy, a => ["haproxy", "-db", "-f", stage.WriteFile("haproxy.cfg", HaproxyConfig.Proxy(a, backend))]),
        };
        try
        {
            contenders.Insert(0, Ours(stage, backend));
        }
        catch (FileNotFoundException e)
        {
            skipped(e.Message);
        }

        return contenders;
    }

    private static Contender Ours(Stage stage, IPEndPoint backend)
    {
        stage.West.Write("bench.yaml",
            Manifests.GlobalService("bench"),
            Manifests.Slice("bench", backend.Port, [(backend.Address.ToString(), "b1")]),
            Manifests.Ingress("bench", Contender.Host, "bench"));
        var (http, admin) = (Free(), Free());
        var command = Gateway.Command(Contender.Ours, stage, http, admin);
        return new Contender(Contender.Ours, http, command with { Cpu = BenchPlan.ServerCpu, Environment = Inline });
    }

    private static Contender DotNet(string name, string project, Func<IPEndPoint, string[]> arguments)
    {
        var program = Path.Combine(Repository.Root, "artifacts", "bin", project, "release", $"ClusterMesh.{project}.dll");
        var contender = Native(name, a => ["dotnet", program, .. arguments(a)]);
        return contender with { Command = contender.Command with { Environment = Inline } };
    }

    private static Contender Native(string name, Func<IPEndPoint, string[]> words)
    {
        var address = Free();
        return new Contender(name, address, new ProcessCommand(name, words(address)) { Cpu = BenchPlan.ServerCpu });
    }

    private static IPEndPoint Free() => new(IPAddress.Loopback, Ports.Free());
}
