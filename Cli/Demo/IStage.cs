using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Demo;

/// <summary>What rows are played on.</summary>
internal interface IStage
{
    /// <summary>A row whose programs are gone shows nothing.</summary>
    /// <exception cref="LaunchException"/>
    /// <exception cref="Lab.LabException"/>
    void ThrowIfAnyEnded();
}
