using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Hosting;

/// <summary>What a proxy or a gateway says when its agent does not answer. Each reason is told once.</summary>
internal static partial class AgentLog
{
    /// <param name="lost">Why they are not told any more; null = they are.</param>
    public static void Policies(ILogger log, string? lost)
    {
        if (lost is not null) PoliciesLost(log, lost);
    }

    /// <param name="lost">Why they are not taken any more; null = they are.</param>
    public static void Flows(ILogger log, string? lost)
    {
        if (lost is not null) FlowsNotTold(log, lost);
    }

    [LoggerMessage(115, LogLevel.Warning, "the agent tells no policies: {Reason}; the last ones stay in force, and without any nobody is served")]
    private static partial void PoliciesLost(ILogger log, string reason);

    [LoggerMessage(406, LogLevel.Warning, "the agent does not take reports of requests, which are counted meanwhile: {Reason}")]
    private static partial void FlowsNotTold(ILogger log, string reason);
}
