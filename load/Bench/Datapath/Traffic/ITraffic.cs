namespace ClusterMesh.DatapathBench.Traffic;

/// <summary>What one client does to its servers. Made, run and disposed by threads of the client's namespace.</summary>
internal interface ITraffic : IDisposable
{
    /// <summary>Exchanges until then. How many exchanges; of a stream: how many bytes.</summary>
    long Run(long until);
}
