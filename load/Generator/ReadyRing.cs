namespace ClusterMesh.Load.Generator;

/// <summary>Takes the ready ones of a number of targets in turn, as a load balancer does. All are ready at first.</summary>
internal sealed class ReadyRing(int count)
{
    private readonly bool[] _notReady = new bool[count];
    private int _turn = -1;

    public void SetReady(int target, bool ready) => Volatile.Write(ref _notReady[target], !ready);

    /// <summary>-1 when none is ready.</summary>
    public int Next()
    {
        var turn = Interlocked.Increment(ref _turn) & int.MaxValue;
        for (var i = 0; i < _notReady.Length; i++)
        {
            var target = (turn + i) % _notReady.Length;
            if (!Volatile.Read(ref _notReady[target]))
                return target;
        }

        return -1;
    }
}
