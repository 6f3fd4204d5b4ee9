using ClusterMesh.Cli.Demo.Scenes;

namespace ClusterMesh.Cli.Demo;

/// <summary>The rows, in the order in which they are played.</summary>
internal static class DemoPlan
{
    public static readonly IReadOnlyList<Scene> Scenes =
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
}
