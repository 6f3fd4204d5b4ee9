using ClusterMesh.Agent.Flows.Requests;
using ClusterMesh.Bpf.Contract;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Flows;

/// <summary>The flows of this node: read, kept, shown.</summary>
internal sealed class NodeFlows : IDisposable
{
    private readonly FlowMeter _meter = new();
    private readonly FlowReader? _reader;

    /// <param name="node">"cluster/node"</param>
    /// <param name="source">Null: nothing in the kernel tells of any.</param>
    /// <param name="identityOf">Who an address is now, as the kernel says.</param>
    public NodeFlows(string node, FlowSource? source, Func<CurrentNames> names, Func<Address, uint> identityOf, TimeProvider time, ILogger log)
    {
        var writer = new FlowWriter(node, time);
        History = new(writer, count => _meter.Lost(count, FlowMeter.Follower));
        Requests = new(node, names(), identityOf, History, writer, _meter, time);
        if (source is null) return;
        _reader = new(source, names(), History, writer, _meter, time, log);
        _reader.Start();
    }

    public FlowHistory History { get; }

    /// <summary>Those that the node's proxies tell of.</summary>
    public RequestFlows Requests { get; }

    public void Dispose()
    {
        _reader?.Dispose();
        Requests.Dispose();
        _meter.Dispose();
    }
}
