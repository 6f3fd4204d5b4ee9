using System.Net;
using System.Text;

namespace ClusterMesh.Load.Http;

/// <summary>A server to load, and the one request that it is sent over and over.</summary>
internal sealed class Target(string name, IPEndPoint address, string host, string path)
{
    public string Name { get; } = name;

    public IPEndPoint Address { get; } = address;

    public ReadOnlyMemory<byte> Request { get; } =
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: clustermesh-load\r\nAccept: */*\r\n\r\n");
}
