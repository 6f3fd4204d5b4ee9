namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>What kind of address a frontend has. In the order of who wins an address: what a cluster assigned comes before what somebody wrote.</summary>
internal enum FrontendType { ClusterIP, NodePort, LoadBalancer, ExternalIP }
