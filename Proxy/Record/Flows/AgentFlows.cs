using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Wire.Flows;

namespace ClusterMesh.Proxy.Record.Flows;

/// <summary>Tells the node's agent of each request of a pod.</summary>
internal sealed class AgentFlows(FlowReporter reporter, TimeProvider time) : IFlowSink
{
    public long Limited => reporter.Limited;

    public long Lost => reporter.Lost;

    public void End(Exchange exchange, int status, TimeSpan duration)
    {
        // Only what the kernel handed over has two ends that are known.
        if (exchange.Caller is not { } caller) return;
        var kind = ExchangeFlow.KindOf(exchange, caller, status);
        if (reporter.Admits(exchange.End.IsError() || status >= 500)) reporter.Tell(ExchangeFlow.Of(exchange, caller, kind, time.GetUtcNow(), duration));
        else reporter.Count(kind, duration);
    }
}
