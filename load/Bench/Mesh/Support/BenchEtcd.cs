using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.MeshBench;

/// <summary>A real etcd on loopback for the length of a measurement; it ends with us, even when we are killed.</summary>
internal sealed class BenchEtcd : IAsyncDisposable
{
    private const string Script = "exec 3<&0; \"$@\" <&- & p=$!; (cat <&3 >/dev/null; kill -9 $p 2>/dev/null) & wait $p";

    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-bench-").FullName;
    private readonly Process _process;

    private BenchEtcd(int port, int peer)
    {
        Config = new([new($"http://127.0.0.1:{port}")]);
        _process = Process.Start(new ProcessStartInfo("/bin/sh",
        [
            "-c", Script, "sh", "etcd", "--data-dir", _directory, "--listen-client-urls", $"http://127.0.0.1:{port}", "--advertise-client-urls", $"http://127.0.0.1:{port}",
            "--listen-peer-urls", $"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{peer}", "--initial-cluster", $"default=http://127.0.0.1:{peer}",
            "--log-level", "error", "--quota-backend-bytes", "8589934592",
        ]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public EtcdConfig Config { get; }

    public static async Task<BenchEtcd> StartAsync()
    {
        var etcd = new BenchEtcd(FreePort(), FreePort());
        await using var client = EtcdClient.Open(etcd.Config with { Timeout = TimeSpan.FromSeconds(30) }, TimeProvider.System);
        await client.StatusAsync();
        return etcd;
    }

    public ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
