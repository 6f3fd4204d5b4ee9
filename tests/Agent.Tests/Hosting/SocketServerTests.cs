using System.Diagnostics;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Agent.Hosting;
using ClusterMesh.Agent.Options;
using ClusterMesh.Mesh.Wire;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Agent.Tests.Hosting;

public sealed class SocketServerTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [RootFact]
    public async Task Socket_OfAnAgentWithoutADataPath_IsTheProxysGroups()
    {
        var directory = Directory.CreateTempSubdirectory("clustermesh-socket-");
        try
        {
            var path = Path.Combine(directory.FullName, "agent.sock");
            var options = new AgentOptions { Cluster = "west", ClusterId = 1, Node = "n1", Manifests = "/", Admin = new(System.Net.IPAddress.Loopback, 0), Socket = path, ProxyGroup = 64250 };
            using var flows = new AgentParts(options, TimeProvider.System).OpenFlows(NullLoggerFactory.Instance);
            await using var server = await SocketServer.StartAsync(options, new SnapshotHub(), null, flows.Requests, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
            Assert.Equal(Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(path));
            using var stat = Process.Start(new ProcessStartInfo("stat", ["--format", "%g", path]) { RedirectStandardOutput = true })!;
            Assert.Equal("64250", (await stat.StandardOutput.ReadToEndAsync()).Trim());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
