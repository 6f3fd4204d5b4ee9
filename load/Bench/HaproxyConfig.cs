using System.Net;

namespace ClusterMesh.Load.Bench;

/// <summary>HAProxy with one thread and keep-alive both ways.</summary>
internal static class HaproxyConfig
{
    public static string Proxy(IPEndPoint listen, IPEndPoint backend) => $"""
        global
            nbthread 1
            maxconn 4096
        defaults
            mode http
            option http-keep-alive
            option forwardfor
            http-reuse always
            timeout connect 5s
            timeout client 300s
            timeout server 60s
            timeout http-keep-alive 300s
        frontend bench
            bind {listen}
            default_backend bench
        backend bench
            server one {backend} pool-max-conn 128

        """;
}
