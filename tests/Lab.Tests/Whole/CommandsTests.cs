using System.Diagnostics;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Lab.Tests.Whole;

/// <summary>The commands as people type them, with a lab of one node.</summary>
public sealed class CommandsTests : IDisposable
{
    private static int s_last;

    private readonly LabPaths _paths = new($"tc{Environment.ProcessId}-{Interlocked.Increment(ref s_last)}");
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("clustermesh-lab-test-");

    public CommandsTests()
    {
        File.WriteAllText(Topology, "clusters: [{ name: west, podCIDR: 10.1.0.0/16, manifests: [web.yaml] }]");
        File.WriteAllText(Path.Combine(_directory.FullName, "web.yaml"), "{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { containers: [{ name: web, ports: [{ containerPort: 80 }], livenessProbe: {} }] } }");
    }

    private string Topology => Path.Combine(_directory.FullName, "lab.yaml");

    [KernelFact]
    public async Task Lab_FromUpToDown_DoesAsTheCommandsSay()
    {
        var up = await LabAsync("up", Topology);
        Assert.True(up.Code == 0, up.Errors);
        Assert.Contains("not played: west: Pod spec.containers.livenessProbe (1)", up.Output);

        var status = JsonNode.Parse((await LabAsync("status", "-o", "json")).Output);
        Assert.Equal("ready", status.Items("nodes").Single().Text("agentState"));
        Assert.Equal("default/web ready", $"{status.Items("pods").Single().Text("namespace")}/{status.Items("pods").Single().Text("name")} {status.Items("pods").Single().Text("state")}");
        Assert.Contains($"unix:{_paths.Directory}/west/n1/api.sock", (await LabAsync("status")).Output);

        var address = status.Items("pods").Single().Text("address");
        Assert.Contains("\"pod\":\"web\"", (await LabAsync("exec", "node:west-node-1", "--", "curl", "-s", "-m", "5", $"http://{address}/")).Output);
        var run = await LabAsync("run", "default/caller", "--cluster", "west", "--labels", "name=caller", "--", "sh", "-c", $"curl -s -m 5 http://{address}/; exit 7");
        Assert.Equal(7, run.Code);
        Assert.Contains("\"pod\":\"web\"", run.Output);
        Assert.DoesNotContain("caller", (await LabAsync("status")).Output);

        var manifest = Path.Combine(_directory.FullName, "more.yaml");
        File.WriteAllText(manifest, "{ apiVersion: v1, kind: Pod, metadata: { name: more }, spec: { containers: [{ name: more, ports: [{ containerPort: 80 }] }] } }");
        Assert.Equal(0, (await LabAsync("apply", "-f", manifest, "--cluster", "west")).Code);
        Assert.Equal(0, (await LabAsync("exec", "default/more", "--", "ping", "-c", "1", "-W", "5", address!)).Code);
        Assert.Equal(0, (await LabAsync("delete", "pod", "more", "--cluster", "west")).Code);
        Assert.Contains("'default/more' is not in this lab", (await LabAsync("exec", "default/more", "--", "true")).Errors);
        Assert.Equal("clustermesh: no link to 'nowhere'; there are outside, west, west-node-1\n", (await LabAsync("link", "cut", "nowhere")).Errors);
        Assert.Contains("is up already", (await LabAsync("up", Topology)).Errors);

        Assert.Equal($"lab {_paths.Name} is gone\n", (await LabAsync("down")).Output);
        Assert.Empty(Left());
        Assert.Contains("is not up", (await LabAsync("status")).Errors);
        Assert.Equal($"there is no lab {_paths.Name}\n", (await LabAsync("down")).Output);
    }

    [KernelFact]
    public async Task Supervisor_ThatIsKilled_LeavesNothing()
    {
        Assert.Equal(0, (await LabAsync("up", Topology)).Code);
        var state = LabState.ReadIfThere(_paths)!;
        Assert.All(state.Processes, process => Assert.True(process.Process!.IsAlive, process.Name));
        using (var supervisor = Process.GetProcessById(state.Holder.Pid)) supervisor.Kill();
        await Eventually.TrueAsync(() => Left().Count == 0, $"nothing is left of {_paths.Name}");
        await Eventually.TrueAsync(() => state.Processes.All(process => !process.Process!.IsAlive), "all of its processes have ended");
    }

    [KernelFact]
    public async Task Up_ThatIsKilledInTheMiddle_LeavesNothing()
    {
        using var up = Start("up", Topology);
        await Eventually.TrueAsync(() => Left().Any(left => left.EndsWith(".pod.default.web", StringComparison.Ordinal)), "it has begun", 60);
        up.Kill();
        await Eventually.TrueAsync(() => Left().Count == 0, $"nothing is left of {_paths.Name}", 60);
    }

    [KernelFact]
    public async Task Lab_WhoseManifestIsWrong_DoesNotComeUpAndSaysWhy()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "web.yaml"), "{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { nodeName: mars } }");
        var up = await LabAsync("up", Topology);
        Assert.Equal((1, "clustermesh: Pod default/web: node mars is not there; there are west-node-1\n"), (up.Code, up.Errors));
        Assert.Empty(Left());
    }

    [KernelFact]
    public async Task Lab_WithoutRoot_SaysThatItNeedsIt()
    {
        string[] launch = [Launch.Self.File, .. Launch.Self.With(["lab", "status"])];
        var outcome = await Tool.RunAsync("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=/tmp", .. launch]);
        Assert.Equal((1, "clustermesh: a lab needs root: it makes network namespaces and loads programs into the kernel\n"), (outcome.Code, outcome.Errors));
    }

    public void Dispose()
    {
        // Also when a test failed in the middle.
        if (KernelRing.Missing is null) LabAsync("down").GetAwaiter().GetResult();
        _directory.Delete(recursive: true);
    }

    private async Task<Outcome> LabAsync(params string[] arguments)
    {
        // What follows -- is not ours.
        var at = Array.IndexOf(arguments, "--") is var dashes and >= 0 ? dashes : arguments.Length;
        return await Tool.RunAsync(Launch.Self.File, Launch.Self.With(["lab", .. arguments[..at], "--name", _paths.Name, .. arguments[at..]]));
    }

    private Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Launch.Self.File, Launch.Self.With(["lab", .. arguments, "--name", _paths.Name]))
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;

    private List<string> Left() =>
    [
        .. Directory.Exists(NetworkNamespace.Root) ? Directory.GetFiles(NetworkNamespace.Root, $"{_paths.NetnsPrefix}*") : [],
        .. new[] { _paths.Directory, _paths.Pins }.Where(Directory.Exists),
    ];
}
