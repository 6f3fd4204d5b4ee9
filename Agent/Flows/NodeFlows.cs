using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Flows;

/// <summary>The flows of this node: read, kept, shown.</summary>
internal sealed class NodeFlows : IDisposable
{
    private readonly FlowMeter _meter = new();
    private readonly FlowReader? _reader;

    /// <param name="node">"cluster/node"</param>
    /// <param name="source">Null: nothing in the kernel tells of any.</param>
    public NodeFlows(string node, FlowSource? source, Func<FlowWorld> world, TimeProvider time, ILogger log)
    {
        var writer = new FlowWriter(node, time);
        History = new(writer, count => _meter.Lost(count, FlowMeter.Follower));
        if (source is null) return;
        _reader = new(source, world, History, writer, _meter, time, log);
        _reader.Start();
    }

    public FlowHistory History { get; }

    public void Dispose()
    {
        _reader?.Dispose();
        _meter.Dispose();
    }
}
