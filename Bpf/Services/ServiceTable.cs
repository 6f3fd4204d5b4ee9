namespace ClusterMesh.Bpf.Services;

/// <summary>
/// The frontends, backends and Maglev tables of one node in the kernel. What is there outlives this process; the next one reads it back
/// and goes on: backends keep their numbers while connections refer to them. One thread at a time.
/// </summary>
public sealed class ServiceTable
{
    internal ServiceTable()
    {
    }

    /// <summary>What is in the kernel now.</summary>
    public IReadOnlyDictionary<Frontend, FrontendModel> Current => throw new NotSupportedException();

    /// <summary>
    /// Adds or replaces. A packet sees the old model or the new one. Other frontends are not touched; a change of one costs its own table.
    /// </summary>
    /// <exception cref="BpfException">No room; the frontend keeps what it had.</exception>
    public void Set(Frontend frontend, FrontendModel model) => throw new NotSupportedException();

    /// <summary>Whether it was there. Its connections end.</summary>
    public bool Delete(Frontend frontend) => throw new NotSupportedException();
}
