using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>A backend that really listens (or really refuses) on loopback.</summary>
internal interface ITestBackend : IAsyncDisposable
{
    string Cluster { get; }

    int Port { get; }

    /// <summary>Requests that arrived, whole or not.</summary>
    int Count { get; }

    Backend Model => new(Cluster, "127.0.0.1", Port);
}
