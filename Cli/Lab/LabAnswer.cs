using ClusterMesh.Cli.Echo;

namespace ClusterMesh.Cli.Lab;

/// <summary>What came of a request that was sent from inside of a lab.</summary>
/// <param name="Status">0: there was no answer, see <paramref name="Failure"/>.</param>
/// <param name="Headers">In lower case.</param>
internal sealed record LabAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body, string? Failure)
{
    public string? Cluster => Headers.GetValueOrDefault(EchoHeaders.Cluster);

    public string? Pod => Headers.GetValueOrDefault(EchoHeaders.Pod);

    public string? Version => Headers.GetValueOrDefault(EchoHeaders.Version);
}
