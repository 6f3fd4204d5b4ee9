namespace ClusterMesh.Agent.Flows;

/// <summary>One flow to show.</summary>
/// <param name="Count">How many events like it this one stands for.</param>
internal readonly record struct FlowLine(FlowEvent Event, long Count, long Packets, long Bytes)
{
    public FlowLine(FlowEvent only) : this(only, 1, only.Packets, only.Bytes) { }
}
