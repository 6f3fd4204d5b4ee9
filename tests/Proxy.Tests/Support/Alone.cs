namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>Tests that look at the whole process run when no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class Alone
{
    public const string Name = "alone";
}
