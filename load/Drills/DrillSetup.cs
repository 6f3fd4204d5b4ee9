namespace ClusterMesh.Load.Drills;

/// <param name="Rate">Requests per second.</param>
/// <param name="KeepFiles">Leave manifests and logs for a look.</param>
internal sealed record DrillSetup(int Rate, bool KeepFiles);
