using ClusterMesh.Cli.Demo.Kernel;
using ClusterMesh.Cli.Demo.Kernel.Scenes;
using ClusterMesh.Cli.Demo.Scenes;

namespace ClusterMesh.Cli.Demo;

/// <summary>The rows, in the order in which they are played.</summary>
internal static class DemoPlan
{
    public static readonly IReadOnlyList<Scene> Gateway =
    [
        new Balanced(),
        new LocalAffinity(),
        new LocalKilled(),
        new LocalReturns(),
        new RemoteAffinity(),
        new CanaryFailover(),
        new OnePercent(),
        new RemoteCanary(),
        new HeaderCanary(),
        new LiveWeight(),
        new EtcdKilled(),
        new AgentKilled(),
    ];

    /// <summary>Only where a lab can be made.</summary>
    public static readonly IReadOnlyList<KernelScene> Kernel =
    [
        new PodToGlobalService(),
        new AffinityLive(),
        new WeightedClusters(),
        new PolicyByCluster(),
        new ClusterCutOff(),
        new ClientsAgentKilled(),
        new CanaryFromPod(),
        new OnePercentFromPod(),
        new PolicyOfRequests(),
        new ProxyReplaced(),
    ];
}
