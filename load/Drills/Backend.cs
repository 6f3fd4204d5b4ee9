using System.Net;
using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Drills;

/// <summary>A pod's stand-in: an echo server on an address of its own.</summary>
internal sealed record Backend(string Cluster, string Service, string Version, string Pod, IPEndPoint Address)
{
    public (string Address, string Pod) Endpoint => (Address.Address.ToString(), Pod);

    public ProcessCommand Command => new($"{Cluster}-{Pod}",
    [
        Repository.Command("clustermesh"), "echo", "--listen", $"{Address}", "--service", Service, "--version", Version,
        "--cluster", Cluster, "--pod", Pod,
    ]);
}
