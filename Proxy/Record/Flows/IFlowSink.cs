namespace ClusterMesh.Proxy.Record.Flows;

/// <summary>Where requests are told of that ended. Never makes a request wait.</summary>
internal interface IFlowSink
{
    void End(Exchange exchange, int status, TimeSpan duration);

    /// <summary>Left out because there were too many in a second.</summary>
    long Limited { get; }

    /// <summary>There was no room, or the agent did not take them.</summary>
    long Lost { get; }
}
