using System.Text.Json;
using ClusterMesh.Cli.Processes;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Demo.Kernel.Scenes;

internal sealed class PolicyByCluster : KernelScene
{
    private const int Settled = 40;

    private const string Policy = """
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: { name: x-wing-of-cluster-1, namespace: default }
        spec:
          endpointSelector: { matchLabels: { name: rebel-base } }
          ingress: [{ fromEndpoints: [{ matchLabels: { name: x-wing, io.cilium.k8s.policy.cluster: cluster-1 } }] }]
        """;

    private static readonly string[] Clusters = [LabStage.OneName, LabStage.TwoName];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3), Patience = TimeSpan.FromSeconds(6);

    public override string What => "a policy that names a cluster";

    public override string Why => "CiliumNetworkPolicy in both clusters: x-wing of cluster-1 may, that of cluster-2 may not; VXLAN carries who it is";

    public override async Task<IReadOnlyList<Check>> PlayAsync(LabStage stage, CancellationToken cancel)
    {
        await using var one = stage.One.StartLoad(cancel);
        await using var two = stage.Two.StartLoad(cancel);
        await two.MoreAsync(Settled, cancel);
        try
        {
            var applied = stage.Two.Now;
            foreach (var cluster in Clusters) await stage.Lab.ApplyAsync(cluster, Policy, cancel);
            await two.UntilAsync(Settled, late => late.Served == 0, Patience, cancel);
            var refusing = stage.Two.Now;
            await two.MoreAsync(2 * Settled, cancel);
            var (allowed, denied) = (await one.StopAsync(), await two.StopAsync());
            long drops = 0;
            await Condition.WaitAsync(async () => (drops = await DropsAsync(stage, cancel)) > 0, Limit, stage.Time, cancel);
            return Judge(allowed, denied, applied, refusing, drops);
        }
        finally
        {
            foreach (var cluster in Clusters) await stage.Lab.DeleteAsync(cluster, "CiliumNetworkPolicy", "default/x-wing-of-cluster-1", cancel: CancellationToken.None);
        }
    }

    /// <param name="refusing">When so many in a row had been refused that the policy holds.</param>
    /// <param name="drops">Packets from x-wing of cluster-2 that flows tell of as denied by policy.</param>
    public static IReadOnlyList<Check> Judge(Sample allowed, Sample denied, TimeSpan applied, TimeSpan refusing, long drops)
    {
        var lastServed = denied.From(applied).Answers.Where(answer => answer.Failure is null).Select(answer => answer.At).DefaultIfEmpty(applied).Max();
        var refused = denied.From(refusing);
        return
        [
            Check.NoFailures(allowed) with { Expected = "cluster-1's: 0 failed" },
            Check.NoFailures(denied.Before(applied)) with { Expected = "cluster-2's before: 0 failed" },
            Check.Within("last of cluster-2's let in", lastServed - applied, Limit),
            new("cluster-2's then: all refused", FormattableString.Invariant($"{refused.Answers.Count - refused.Served} of {refused.Answers.Count} refused"), refused is { Served: 0, Answers.Count: > 0 }),
            new("flows tell of it: Policy denied", FormattableString.Invariant($"{drops} drops told: Policy denied"), drops > 0),
        ];
    }

    private static async Task<long> DropsAsync(LabStage stage, CancellationToken cancel)
    {
        long drops = 0;
        foreach (var node in stage.Lab.Clusters.SelectMany(cluster => cluster.Nodes))
        {
            await node.Api.FlowsAsync(
                $"?last=4095&verdict=DROPPED&from-cluster={LabStage.TwoName}&from-pod=default/{LabStage.Client}&to-pod=default/{LabStage.Service}",
                line => drops += JsonSerializer.Deserialize(line, StatusJson.Default.FlowStatus) is { Reason: "Policy denied", Count: var count } ? count : 0, cancel);
        }

        return drops;
    }
}
