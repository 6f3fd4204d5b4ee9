namespace ClusterMesh.Load.Http;

/// <param name="Kept">New ones are opened up to here even while one is idle, so that many are reused in turn.</param>
/// <param name="Most">Requests wait when so many are open.</param>
internal sealed record ConnectionLimits(int Kept, int Most, TimeSpan ConnectTimeout)
{
    public static readonly ConnectionLimits Default = new(32, 512, TimeSpan.FromSeconds(2));
}
