using System.Collections.Immutable;
using System.Diagnostics;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Etcd;

/// <summary>An etcd cluster of several members on loopback. Each is killed when its standard input closes, so also when we are gone.</summary>
internal sealed class EtcdMembers : IDisposable
{
    private const string Script = "exec 3<&0; \"$@\" <&- >/dev/null 2>&1 & p=$!; (cat <&3 >/dev/null; kill -9 $p 2>/dev/null) & wait $p";
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-members-").FullName;
    private readonly Dictionary<string, Process> _processes = [];

    public EtcdMembers(int count)
    {
        var members = Enumerable.Range(0, count).Select(i => (Name: $"m{i}", Client: $"http://127.0.0.1:{EtcdProcess.FreePort()}", Peer: $"http://127.0.0.1:{EtcdProcess.FreePort()}")).ToArray();
        Endpoints = [.. members.Select(member => new Uri(member.Client))];
        var cluster = string.Join(',', members.Select(member => $"{member.Name}={member.Peer}"));
        foreach (var (name, client, peer) in members)
        {
            _processes[client] = Process.Start(new ProcessStartInfo("/bin/sh",
            [
                "-c", Script, "sh", "etcd", "--name", name, "--data-dir", Path.Combine(_directory, name),
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", cluster, "--log-level", "error",
            ])
            { RedirectStandardInput = true, RedirectStandardError = true })!;
        }
    }

    public ImmutableArray<Uri> Endpoints { get; }

    /// <summary>SIGKILL, and gone when this returns.</summary>
    public void Kill(string endpoint)
    {
        if (!_processes.Remove(endpoint, out var process))
            return;
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    public void Dispose()
    {
        foreach (var endpoint in _processes.Keys.ToArray()) Kill(endpoint);
        Directory.Delete(_directory, recursive: true);
    }
}
