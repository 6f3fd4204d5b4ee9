namespace ClusterMesh.DatapathBench.Traffic;

/// <summary>What one client does to its servers. Made and run by threads of the client's namespace.</summary>
internal interface ITraffic : IDisposable
{
    /// <summary>Used by the servers so far.</summary>
    TimeSpan ServerCpu { get; }

    /// <summary>Exchanges until then. How many exchanges; of a stream: how many bytes.</summary>
    long Run(long until);
}
