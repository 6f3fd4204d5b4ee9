using System.Net;

namespace ClusterMesh.Load.Bench;

/// <summary>nginx as one process, as backend and as proxy with keep-alive both ways.</summary>
internal static class NginxConfig
{
    /// <param name="bytes">Of each answer's body.</param>
    public static string Backend(IPEndPoint listen, int bytes = 100) => Whole("backend", $$"""
            server {
                listen {{listen}} backlog=4096;
                location / { return 200 "{{new string('x', bytes)}}"; }
            }
        """);

    public static string Proxy(IPEndPoint listen, IPEndPoint backend) => Whole("proxy", $$"""
            upstream backend {
                server {{backend}};
                keepalive 128;
                keepalive_requests 1000000000;
            }
            server {
                listen {{listen}} backlog=4096;
                location / {
                    proxy_pass http://backend;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host $host;
                    proxy_set_header X-Forwarded-For $remote_addr;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header X-Forwarded-Host $host;
                }
            }
        """);

    private static string Whole(string name, string http) => $$"""
        daemon off;
        master_process off;
        pid {{name}}.pid;
        error_log stderr error;
        events { worker_connections 4096; }
        http {
            access_log off;
            keepalive_requests 1000000000;
            keepalive_timeout 300s;
            client_body_temp_path {{name}}-body;
            proxy_temp_path {{name}}-proxy;
            fastcgi_temp_path {{name}}-fastcgi;
            uwsgi_temp_path {{name}}-uwsgi;
            scgi_temp_path {{name}}-scgi;
        {{http}}
        }

        """;
}
