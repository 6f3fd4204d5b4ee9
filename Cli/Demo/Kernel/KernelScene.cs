namespace ClusterMesh.Cli.Demo.Kernel;

/// <summary>A row of the data path in the kernel: pods of a lab ask for a ClusterIP.</summary>
internal abstract class KernelScene : Scene<LabStage>
{
    protected static bool FromOne(Answer answer) => answer.Cluster == LabStage.OneName;

    protected static bool FromTwo(Answer answer) => answer.Cluster == LabStage.TwoName;

    protected static bool IsV1(Answer answer) => answer.Version == "v1";

    protected static bool IsV2(Answer answer) => answer.Version == "v2";

    protected static bool IsV3(Answer answer) => answer.Version == "v3";
}
