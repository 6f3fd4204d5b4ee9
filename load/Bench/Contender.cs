using System.Net;
using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Bench;

/// <summary>A proxy under measurement. All listen on one port of theirs and forward to the same backend.</summary>
internal sealed record Contender(string Name, IPEndPoint Address, ProcessCommand Command)
{
    public const string Ours = "pipeline";
    public const string Forwarder = "forwarder";
    public const string Yarp = "yarp";
    public const string Nginx = "nginx";
    public const string Haproxy = "haproxy";

    /// <summary>The host of the one route.</summary>
    public const string Host = "bench.local";
}
