using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf.Maps;

/// <summary>What the programs counted, by reason and direction, since the maps were made.</summary>
public sealed class Metrics
{
    private readonly PerCpuArray<Metric> _array;

    internal Metrics(BpfMap map) => _array = new(map);

    public Metric Of(DropReason reason, Direction direction) => At((byte)reason, direction);

    public Metric Of(PassReason reason, Direction direction) => At((byte)reason, direction);

    /// <summary>All that is not zero, by the reason's number.</summary>
    public List<(byte Reason, Direction Direction, Metric Metric)> Read() =>
    [
        .. from index in Enumerable.Range(0, (int)Limits.MaxMetrics)
           let reason = (byte)(index >> 1)
           let direction = (Direction)(index & 1)
           let metric = At(reason, direction)
           where metric.Packets != 0
           select (reason, direction, metric),
    ];

    private Metric At(byte reason, Direction direction) =>
        _array.Read((uint)reason * 2 + (uint)direction).Aggregate((sum, next) => sum + next);
}
